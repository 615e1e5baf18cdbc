"""Frames are gathered, none is lost; a socket may only watch."""

import itertools
import json
import threading
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import socketio
import websocket

from app.assemblies.models import AssemblyState
from app.room.live import Frames
from app.web.sockets import NAMESPACE, sockets
from tests.room.house import LiveAssembly
from tests.room.served import served


class Bench:
    """Frames with a clock and timers that the test moves by hand."""

    def __init__(self):
        self.now, self.timers, self.sent = 100.0, [], []
        self.frames = Frames(
            lambda room, events: self.sent.append((room, [event["seq"] for event in events])),
            clock=lambda: self.now,
            later=lambda seconds, act: self.timers.append((self.now + seconds, act)),
        )

    def pass_time(self, seconds):
        self.now += seconds
        due, self.timers = (
            [act for when, act in self.timers if when <= self.now],
            [(when, act) for when, act in self.timers if when > self.now],
        )
        for act in due:
            act()


@pytest.fixture
def bench():
    return Bench()


def test_a_quiet_room_hears_at_once(bench):
    bench.frames.add(1, {"seq": 1})
    assert bench.sent == [(1, [1])]
    bench.pass_time(0.2)
    bench.frames.add(1, {"seq": 2})
    assert bench.sent == [(1, [1]), (1, [2])]
    assert bench.timers == []


def test_a_busy_room_hears_ten_frames_a_second_and_the_tail_is_not_lost(bench):
    for seq in range(1, 101):
        bench.frames.add(1, {"seq": seq})
        bench.pass_time(0.01)
    bench.pass_time(0.1)
    assert list(itertools.chain(*(events for _, events in bench.sent))) == list(range(1, 101))
    assert 10 <= len(bench.sent) <= 12
    assert bench.timers == []


def test_a_frame_is_in_order_and_rooms_do_not_wait_for_each_other(bench):
    bench.frames.add(1, {"seq": 1})
    bench.frames.add(1, {"seq": 3})
    bench.frames.add(1, {"seq": 2})
    bench.frames.add(2, {"seq": 1})
    bench.pass_time(0.1)
    assert bench.sent == [(1, [1]), (2, [1]), (1, [2, 3])]


def test_many_threads_lose_nothing_on_the_real_clock():
    heard, done = [], threading.Event()
    total = 2000

    def send(_room, events):
        heard.extend(event["seq"] for event in events)
        if len(heard) == total:
            done.set()

    frames = Frames(send, window=0.005)
    counter = itertools.count(1)
    threads = [
        threading.Thread(target=lambda: [frames.add(1, {"seq": next(counter)}) for _ in range(250)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    assert done.wait(30)
    assert sorted(heard) == list(range(1, total + 1))


def test_a_room_whose_frame_is_on_its_way_holds_up_no_other():
    is_sent, is_on_its_way, heard = threading.Event(), threading.Event(), threading.Event()

    def send(room, _events):
        if room == 1:
            is_on_its_way.set()
            is_sent.wait(30)
        else:
            heard.set()

    frames = Frames(send)
    threads = [threading.Thread(target=frames.add, args=(room, {"seq": 1})) for room in (1, 2)]
    threads[0].start()
    assert is_on_its_way.wait(10)
    threads[1].start()
    came = heard.wait(5)
    is_sent.set()
    for thread in threads:
        thread.join()
    assert came


class Listener:
    """A real socket that keeps what it hears."""

    def __init__(self, address):
        self.client, self.heard, self.came = socketio.Client(), [], threading.Condition()
        self.client.on("events", self._hear, namespace=NAMESPACE)
        self.client.connect(address, namespaces=[NAMESPACE], transports=["websocket"])

    def _hear(self, frame):
        with self.came:
            self.heard.extend(frame["events"])
            self.came.notify_all()

    def ask(self, *words):
        return self.client.call("watch", words, namespace=NAMESPACE, timeout=20)

    def wait_for(self, count):
        with self.came:
            assert self.came.wait_for(lambda: len(self.heard) >= count, 20), self.heard
        return self.heard


@pytest.fixture
def address(app):
    with served(app) as found:
        yield found


@pytest.fixture
def socket(address):
    listener = Listener(address)
    yield listener
    listener.client.disconnect()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ({},),
        ({"assembly": 9999},),
        ({"assembly": "1"},),
        ({"assembly": True},),
        ({"assembly": 2**40},),
        ({"assembly": -1},),
        ({"assembly": {"id": 1}},),
        (["assembly", 1],),
        ({"assembly": 1}, {"assembly": 1}),
        (None,),
    ],
)
def test_a_bad_word_is_answered_with_an_error(socket, words):
    assert socket.ask(*words) == {"ok": False, "error": "no_such_room"}


def test_who_watches_hears_what_happens(socket, live):
    assert socket.ask({"assembly": live.id}) == {"ok": True, "last": 1}
    live.say(live.guest(), "들리시나요")
    heard = socket.wait_for(2)
    assert [(event["seq"], event["kind"]) for event in heard] == [(2, "check_in"), (3, "message")]
    assert heard[1]["payload"]["text"] == "들리시나요"
    assert datetime.fromisoformat(heard[1]["at"]).tzinfo == UTC


def test_a_room_can_be_watched_from_its_notice_on(socket, world):
    noticed = LiveAssembly(world, is_open=False)
    assert socket.ask({"assembly": noticed.id}) == {"ok": True, "last": 0}
    with world.write() as session:
        noticed.row(session).state = AssemblyState.DRAFT
    assert socket.ask({"assembly": noticed.id})["ok"] is False


def test_a_socket_cannot_act(socket, live):
    before = len(live.events())
    for name in ("say", "message", "post_message", "stage", "events"):
        socket.client.emit(name, {"assembly": live.id, "text": "소켓으로"}, namespace=NAMESPACE)
    assert socket.ask({"assembly": live.id})["ok"] is True
    assert len(live.events()) == before


def test_a_line_is_closed_when_its_socket_ends(address):
    engine = f"{address}/socket.io/?EIO=4&transport=websocket".replace("http", "ws", 1)
    line = websocket.create_connection(engine, timeout=10)
    assert line.recv().startswith("0{")
    line.send("1")
    assert line.recv() == ""
    assert line.sock.recv(1) == b""
    line.shutdown()


@pytest.mark.parametrize("body", [b"9", b"4" * 17_000], ids=["no such packet", "too long"])
def test_a_bad_packet_is_answered_and_holds_no_thread(address, body):
    engine = f"{address}/socket.io/?EIO=4&transport=polling"

    def misbehave():
        with urlopen(engine, timeout=10) as opened:
            sid = json.loads(opened.read()[1:])["sid"]
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{engine}&sid={sid}", data=body, timeout=10)
        refused.value.close()
        assert refused.value.code == 400
        return sid

    misbehave()
    before = set(threading.enumerate())
    gone = {misbehave() for _ in range(10)}
    serving = [one for one in set(threading.enumerate()) - before if "request" in one.name]
    for thread in serving:
        thread.join(timeout=5)
    assert not [thread for thread in serving if thread.is_alive()]
    assert gone.isdisjoint(sockets.server.eio.sockets)
