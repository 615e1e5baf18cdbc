"""Fifty screens whose lines drop at random see every event exactly once and in order."""

import threading

import pytest

from tests.conftest import FULL
from tests.room.served import served
from tests.room.twin import Feed, Watcher

WATCHERS, ASKING = 50, 2
EVENTS = 1000 if FULL else 200
LIVES = (2.0, 10.0) if FULL else (0.3, 1.5)
DROPS = (2.0, 10.0) if FULL else (0.05, 0.5)
POLL = 3.0 if FULL else 0.3
BETWEEN = 0.04 if FULL else 0.02
AUTHORS = 10
LIMIT = 600 if FULL else 150


def frame(*numbers):
    return [{"seq": number} for number in numbers]


@pytest.mark.parametrize(
    ("frames", "expected", "has_gap"),
    [
        ([frame(1, 2), frame(3)], [1, 2, 3], False),
        ([frame(1), frame(1), frame(1, 2)], [1, 2], False),
        ([frame(2), frame(1)], [1, 2], False),
        ([frame(1), frame(3)], [1], True),
        ([frame(3, 2), frame(5), frame(1, 2, 3, 4, 5)], [1, 2, 3, 4, 5], False),
    ],
)
def test_the_order_of_a_feed(frames, expected, has_gap):
    feed = Feed(0)
    given = [event["seq"] for one in frames for event in feed.accept(one)]
    assert (given, feed.has_gap) == (expected, has_gap)


@pytest.mark.slow
@pytest.mark.timeout(LIMIT + 60)
def test_fifty_screens_with_dropping_lines_miss_nothing(app, live, world):
    authors = [live.guest() for _ in range(AUTHORS)]
    before = len(live.events())
    with served(app) as address:
        watchers = [
            Watcher(address, live.id, asks_only=number < ASKING, chance=number)
            for number in range(WATCHERS)
        ]
        threads = [
            threading.Thread(
                target=watcher.watch, kwargs={"lives": LIVES, "drops": DROPS, "poll": POLL}
            )
            for watcher in watchers
        ]
        for thread in threads:
            thread.start()
        _say_much(live, world, authors)
        for watcher in watchers:
            watcher.stop()
        for thread in threads:
            thread.join(LIMIT)
        assert not any(thread.is_alive() for thread in threads)

    total = len(live.events())
    assert total == before + EVENTS
    everything = list(range(1, total + 1))
    missing = sum(len(set(everything) - set(one.applied)) for one in watchers)
    twice = sum(len(one.applied) - len(set(one.applied)) for one in watchers)
    disordered = sum(one.applied != sorted(one.applied) for one in watchers)
    assert (missing, twice, disordered) == (0, 0, 0)
    by_socket = sum(one.heard_by_socket for one in watchers)
    assert by_socket > 0, "sockets brought nothing"
    assert sum(one.drops for one in watchers) >= WATCHERS - ASKING
    print(  # noqa: T201 - figures for whoever reads the run
        f"{WATCHERS} watchers, {total} events, {sum(one.drops for one in watchers)} drops, "
        f"{by_socket} by socket, missing {missing}, twice {twice}, out of order {disordered}"
    )


def _say_much(live, world, authors):
    """Let several people talk at the same time, each waiting their three seconds of story time."""
    pace, clock_guard = threading.Event(), threading.Lock()

    def talk(person, count):
        for turn in range(count):
            with clock_guard:
                world.pass_time(seconds=4)
            live.say(person, f"{person}의 {turn}번째 말", nonce=f"{person}-{turn}")
            pace.wait(BETWEEN * len(authors))

    threads = [
        threading.Thread(target=talk, args=(person, EVENTS // len(authors))) for person in authors
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
