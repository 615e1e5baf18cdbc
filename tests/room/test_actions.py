"""Acts in a live room, on a real database."""

import threading

import pytest

from app.assemblies import actions as assemblies
from app.core.database import write_transaction
from app.core.refusals import Refused
from app.residents import actions as residents
from app.residents.models import Account, Person
from app.room import actions, queries
from app.room.actions.floor import hold_room
from app.room.models import FloorRequest, FloorState, Message, Question
from app.room.policy import RoomRefusal
from app.web.database import db
from tests.room.house import LiveAssembly
from tests.support.meeting import meet


def kinds(live):
    return [event.kind for event in live.events()]


def refusal_of(act, *arguments, **named):
    with pytest.raises(Refused) as caught:
        act(*arguments, **named)
    return caught.value.refusal


def test_what_happens_is_numbered_from_one_without_gaps(live):
    one = live.guest()
    live.move(1)
    live.say(one, "반갑습니다")
    live.ask(one, "언제 시작하나요")
    live.want_floor(one)
    events = live.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert kinds(live) == ["opened", "check_in", "stage", "message", "question", "floor"]


def test_events_carry_masked_names_and_nothing_personal(live, world):
    one = live.guest()
    live.say(one, "반갑습니다")
    message = live.events()[-1]
    assert set(message.payload) == {"id", "text", "who", "dong"}
    assert "*" in message.payload["who"]
    assert message.payload["dong"] == "독산1동"


def test_a_check_in_tells_count_and_quorum(live):
    live.guest()
    live.guest()
    assert live.events()[-1].payload == {"count": 2, "needed": 3}


def test_the_same_nonce_is_the_same_message_even_at_once(live, world):
    one = live.guest()
    first = live.say(one, "두 번 눌렀어요", nonce="nonce-0001")
    again = live.say(one, "두 번 눌렀어요", nonce="nonce-0001")
    assert first == again
    assert kinds(live).count("message") == 1


def test_slow_mode_counts_for_each_person_alone(live, world):
    one, two = live.guest(), live.guest()
    live.say(one, "하나")
    assert refusal_of(live.say, one, "둘") is RoomRefusal.TOO_FAST
    live.say(two, "저도요")
    world.pass_time(seconds=3)
    live.say(one, "둘")
    assert kinds(live).count("message") == 3


def test_only_people_who_checked_in_speak_and_only_while_it_is_open(live, world):
    outside = world.resident()
    assert refusal_of(live.say, outside, "밖에서") is RoomRefusal.NOT_CHECKED_IN
    one = live.guest()
    live.close()
    assert refusal_of(live.say, one, "늦었나요") is RoomRefusal.NOT_OPEN
    assert kinds(live)[-1] == "closed"


def test_a_question_rises_once_for_each_person(live, world):
    asker, fan = live.guest(), live.guest()
    question = live.ask(asker, "쉼터는 언제 생기나요")
    with world.write() as session:
        by = world.standing(session, fan)
        assert actions.upvote_question(session, question, by=by, at=world.at) == 1
        assert actions.upvote_question(session, question, by=by, at=world.at) == 1
    assert kinds(live).count("question_upvotes") == 1
    with world.write() as session:
        by = world.standing(session, fan)
        assert actions.withdraw_upvote(session, question, by=by, at=world.at) == 0
        assert actions.withdraw_upvote(session, question, by=by, at=world.at) == 0
    with world.write() as session:
        by = world.standing(session, asker)
        found = refusal_of(actions.upvote_question, session, question, by=by, at=world.at)
        assert found is RoomRefusal.OWN_QUESTION


def test_the_chair_answers_once(live, world):
    question = live.ask(live.guest(), "예산은 얼마인가요")
    with world.write() as session:
        by = world.standing(session, live.chair)
        row = session.get_one(Question, question)
        actions.answer_question(session, row, answer="5천만 원입니다.", by=by, at=world.at)
    assert live.events()[-1].payload == {"id": question, "answer": "5천만 원입니다."}
    with world.write() as session:
        by = world.standing(session, live.chair)
        row = session.get_one(Question, question)
        found = refusal_of(actions.answer_question, session, row, answer="다시", by=by, at=world.at)
        assert found is RoomRefusal.ALREADY_ANSWERED


def call(live, request):
    with live.world.write() as session:
        by = live.world.standing(session, live.chair)
        row = session.get_one(FloorRequest, request)
        actions.call_speaker(session, row, by=by, at=live.world.at)


def test_calling_the_next_speaker_ends_the_speech_before(live, world):
    one, two = live.guest(), live.guest()
    first, second = live.want_floor(one, "쉼터"), live.want_floor(two, "가로등")
    assert [entry["topic"] for entry in live.events()[-1].payload["queue"]] == ["쉼터", "가로등"]
    call(live, first)
    call(live, second)
    queue = live.events()[-1].payload["queue"]
    assert [(entry["id"], entry["state"]) for entry in queue] == [(second, "speaking")]
    with world.read() as session:
        assert session.get_one(FloorRequest, first).state is FloorState.DONE
    assert refusal_of(call, live, first) is RoomRefusal.NOT_WAITING


def test_one_waits_once_and_may_step_out_of_the_line(live, world):
    one = live.guest()
    request = live.want_floor(one)
    assert refusal_of(live.want_floor, one) is RoomRefusal.ALREADY_WAITING
    with world.write() as session:
        by = world.standing(session, one)
        row = session.get_one(FloorRequest, request)
        actions.withdraw_request(session, row, by=by, at=world.at)
    assert live.events()[-1].payload == {"queue": []}
    live.want_floor(one)


def test_the_closing_clears_the_floor(live, world):
    first = live.want_floor(live.guest())
    second = live.want_floor(live.guest())
    call(live, first)
    live.close()
    with world.read() as session:
        assert session.get_one(FloorRequest, first).state is FloorState.DONE
        assert session.get_one(FloorRequest, second).state is FloorState.WITHDRAWN
    assert kinds(live)[-2:] == ["floor", "closed"]


def test_only_the_chair_announces(live, world):
    with world.write() as session:
        by = world.standing(session, live.chair)
        row = live.row(session)
        actions.announce(session, row, text="5분 쉬겠습니다.", by=by, at=world.at)
    assert live.events()[-1].payload == {"text": "5분 쉬겠습니다."}
    one = live.guest()
    with world.write() as session:
        by = world.standing(session, one)
        row = live.row(session)
        found = refusal_of(actions.announce, session, row, text="쉽시다", by=by, at=world.at)
        assert found is RoomRefusal.NOT_CHAIR


def seen(live):
    with live.world.read() as session:
        return queries.events_after(session, live.id, 0)


def test_hidden_words_leave_no_feed_and_keep_their_number(live, world):
    message = live.say(live.guest(), "나쁜 말")
    before = [event.seq for event in seen(live)]
    live.hide(Message, message)
    after = seen(live)
    assert [event.seq for event in after][:-1] == before
    assert "나쁜 말" not in str([event.as_json() for event in after])
    shown = next(event for event in after if event.kind == "message")
    assert shown.payload == {"id": message, "hidden": "insult"}
    assert after[-1].kind == "message_hidden"
    with world.read() as session:
        assert "나쁜 말" not in str(queries.talk(session, live.id))


def test_what_is_shown_again_comes_back_with_its_words(live, world):
    message = live.say(live.guest(), "오해였습니다")
    live.hide(Message, message)
    live.hide(Message, message, again=True)
    events = seen(live)
    assert events[-1].kind == "message_shown"
    assert events[-1].payload["text"] == "오해였습니다"
    live.hide(Message, message)
    assert "오해였습니다" not in str([event.as_json() for event in seen(live)])


def test_a_hidden_question_takes_its_answer_along(live, world):
    question = live.ask(live.guest(), "나쁜 질문")
    with world.write() as session:
        by = world.standing(session, live.chair)
        row = session.get_one(Question, question)
        actions.answer_question(session, row, answer="나쁜 질문이라 하셨는데", by=by, at=world.at)
    live.hide(Question, question)
    assert "나쁜 질문" not in str([event.as_json() for event in seen(live)])


def at_once(world, acts):
    """Run acts at the same moment, each in a thread of its own; return their failures."""
    gate, failures = threading.Barrier(len(acts)), []

    def run(act):
        gate.wait()
        try:
            act()
        except Exception as failure:  # noqa: BLE001 - told to the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.mark.race
def test_many_at_once_leave_no_gap_and_no_double_number(live, world):
    people = [live.guest() for _ in range(8)]
    extra = world.residents(4)
    acts = [lambda p=p: live.say(p, f"{p}번입니다") for p in people]
    acts += [lambda p=p: live.want_floor(p) for p in people]
    acts += [lambda p=p: live.check_in(p) for p in extra]
    assert at_once(world, acts) == []
    events = live.events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    floors = [event.payload["queue"] for event in events if event.kind == "floor"]
    assert [len(queue) for queue in floors] == list(range(1, 9))


@pytest.mark.race
def test_a_retry_at_the_same_moment_is_one_message(live, world):
    one = live.guest()
    acts = [lambda: live.say(one, "한 번만", nonce="nonce-0001") for _ in range(4)]
    assert at_once(world, acts) == []
    assert kinds(live).count("message") == 1


@pytest.mark.race
def test_upvotes_at_the_same_moment_are_all_counted(live, world):
    question = live.ask(live.guest(), "언제 하나요")
    fans = [live.guest() for _ in range(6)]

    def up(person):
        with world.write() as session:
            by = world.standing(session, person)
            actions.upvote_question(session, question, by=by, at=world.at)

    assert at_once(world, [lambda p=p: up(p) for p in fans for _ in range(2)]) == []
    counts = [e.payload["upvotes"] for e in live.events() if e.kind == "question_upvotes"]
    assert counts == [1, 2, 3, 4, 5, 6]


@pytest.mark.race
def test_two_calls_at_once_leave_one_speaker(live, world):
    requests = [live.want_floor(live.guest()) for _ in range(4)]
    assert at_once(world, [lambda r=r: call(live, r) for r in requests]) == []
    speaking = [
        [entry for entry in event.payload["queue"] if entry["state"] == "speaking"]
        for event in live.events()
        if event.kind == "floor"
    ]
    assert [len(one) for one in speaking] == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.race
def test_nothing_is_said_after_the_closing(world):
    live = LiveAssembly(world)
    people = [live.guest() for _ in range(6)]
    acts = [lambda p=p: live.say(p, f"{p}번 끝인사") for p in people] + [live.close]
    failures = at_once(world, acts)
    assert {failure.refusal for failure in failures} <= {RoomRefusal.NOT_OPEN}
    assert kinds(live)[-1] == "closed"


def test_a_leaver_has_no_name_in_any_event_or_feed(live, world, browser):
    one, other = live.guest(), live.guest()
    for person in (one, other):
        live.say(person, f"{person}의 말")
        live.ask(person, f"{person}의 질문")
        live.want_floor(person, f"{person}의 발언")
    with world.read() as session:
        staying = session.get_one(Person, other).masked_name
    account_id = world.account_of(one).id
    with world.write() as session:
        account = session.get_one(Account, account_id)
        residents.withdraw_person(session, account, checked=account.passphrase_hash, at=world.at)
    events = browser.client.get(f"{live.path}/events?after=0").json["events"]

    def names(kind):
        return [event["payload"]["who"] for event in events if event["kind"] == kind]

    left = ""
    assert names("message") == names("question") == [left, staying]
    queues = [event["payload"]["queue"] for event in events if event["kind"] == "floor"]
    shown = [[entry["who"] for entry in queue] for queue in queues]
    assert shown == [[left], [left, staying], [staying]]
    with world.read() as session:
        talk = [event for event in queries.talk(session, live.id) if event.kind == "message"]
    assert [event.payload["who"] for event in talk] == [left, staying]


def test_a_withdrawn_request_takes_its_topic_along(live, world):
    one, other = live.guest(), live.guest()
    request = live.want_floor(one, "골목 조명")
    live.want_floor(other, "쉼터")
    with world.write() as session:
        by = world.standing(session, one)
        actions.withdraw_request(
            session, session.get_one(FloorRequest, request), by=by, at=world.at
        )
    queues = [event.payload["queue"] for event in seen(live) if event.kind == "floor"]
    topics = [[entry["topic"] for entry in queue] for queue in queues]
    assert topics == [[""], ["", "쉼터"], ["쉼터"]]


def test_a_hidden_topic_leaves_every_queue_and_who_asked_stays_in_line(live):
    one, other = live.guest(), live.guest()
    rude = live.want_floor(one, "나쁜 말")
    live.want_floor(other, "쉼터")
    live.hide(FloorRequest, rude)
    written = live.events()[-1]
    assert written.kind == "floor"
    assert "나쁜 말" not in str(written.payload), "what the sockets send"
    live.call(rude)
    queues = [event.payload["queue"] for event in seen(live) if event.kind == "floor"]
    told = [[(entry["topic"], entry.get("hidden")) for entry in queue] for queue in queues]
    hidden, kept = ("", "insult"), ("쉼터", None)
    assert told == [[hidden], [hidden, kept], [hidden, kept], [hidden, kept]]
    assert queues[-1][0]["state"] == "speaking"
    assert queues[-1][0]["who"]
    live.hide(FloorRequest, rude, again=True)
    queues = [event.payload["queue"] for event in seen(live) if event.kind == "floor"]
    told = [[entry["topic"] for entry in queue] for queue in queues]
    assert told == [["나쁜 말"], *[["나쁜 말", "쉼터"]] * 4]
    assert not any("hidden" in entry for queue in queues for entry in queue)


@pytest.mark.race
@pytest.mark.postgres
def test_a_topic_is_hidden_while_the_assembly_closes(live):
    """Both take the room before its requests: whoever comes second waits, and neither fails."""
    request_id = live.want_floor(live.guest(), "나쁜 말")

    def close():
        with live.world.app.app_context(), write_transaction(db.session) as session:
            by = live.world.standing(session, live.chair)
            assemblies.close_assembly(session, live.row(session), by=by, at=live.world.at)

    failures = meet(
        live.world,
        lambda session: hold_room(session, live.id),
        close,
        lambda session: live.hide_within(session, FloorRequest, request_id),
    )
    assert failures == []
    with live.world.read() as session:
        assert queries.floor_queue(session, live.id) == []
        assert session.get_one(FloorRequest, request_id).hidden_at is not None


@pytest.mark.race
def test_a_topic_is_hidden_while_its_request_is_called(live):
    for _ in range(6):
        requests = [live.want_floor(live.guest(), "나쁜 말") for _ in range(2)]
        acts = [lambda r=r: live.hide(FloorRequest, r) for r in requests]
        acts += [lambda r=r: live.call(r) for r in requests]
        assert at_once(live.world, acts) == []
    queue = seen(live)[-1].payload["queue"]
    assert [entry["topic"] for entry in queue] == [""]
