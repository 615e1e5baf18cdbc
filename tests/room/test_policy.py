"""Who may speak, ask and chair in a room, and when."""

from datetime import timedelta

import pytest

from app.assemblies.models import Assembly, AssemblyState
from app.places.models import Place, PlaceKind
from app.residents.models import MemberClass, Role
from app.residents.rules import NOBODY, Grant, Standing
from app.room import policy
from app.room.models import FloorRequest, FloorState, Question
from app.room.policy import RoomRefusal
from tests.support.world import START

DONG = Place(id=2, kind=PlaceKind.DONG, parent_id=1, slug="doksan1", name="독산1동", code="1")
RESIDENT = Standing(10, frozenset({(2, MemberClass.RESIDENT)}), frozenset({1}))
NEIGHBOUR = Standing(11, frozenset({(3, MemberClass.RESIDENT)}), frozenset({1}))
CHAIR = Standing(12, grants=frozenset({Grant(Role.CHAIR, 2, None)}))
OTHER_CHAIR = Standing(13, grants=frozenset({Grant(Role.CHAIR, 3, None)}))
MODERATOR = Standing(14, grants=frozenset({Grant(Role.MODERATOR, 1, None)}))


def assembly(state: AssemblyState = AssemblyState.OPEN) -> Assembly:
    return Assembly(id=1, place=DONG, place_id=2, state=state, ends_at=START + timedelta(hours=2))


@pytest.mark.parametrize(
    ("by", "state", "hours", "is_checked_in", "refusal"),
    [
        (RESIDENT, AssemblyState.OPEN, 0, True, None),
        (RESIDENT, AssemblyState.OPEN, 7.99, True, None),
        (RESIDENT, AssemblyState.OPEN, 8, True, RoomRefusal.NOT_OPEN),
        (RESIDENT, AssemblyState.OPEN, 0, False, RoomRefusal.NOT_CHECKED_IN),
        (RESIDENT, AssemblyState.NOTICED, 0, True, RoomRefusal.NOT_OPEN),
        (RESIDENT, AssemblyState.CLOSED, 0, True, RoomRefusal.NOT_OPEN),
        (NEIGHBOUR, AssemblyState.OPEN, 0, True, RoomRefusal.NOT_MEMBER),
        (CHAIR, AssemblyState.OPEN, 0, False, RoomRefusal.NOT_MEMBER),
        (NOBODY, AssemblyState.OPEN, 0, False, RoomRefusal.NOT_MEMBER),
    ],
)
def test_who_may_speak_and_until_when(by, state, hours, is_checked_in, refusal):
    at = START + timedelta(hours=hours)
    found = policy.why_not_speak(assembly(state), by, is_checked_in=is_checked_in, at=at)
    assert found == refusal


@pytest.mark.parametrize(
    ("text", "seconds_ago", "refusal"),
    [
        ("안녕하세요", None, None),
        ("안녕하세요", 3.0, None),
        ("안녕하세요", 2.9, RoomRefusal.TOO_FAST),
        ("  ", None, RoomRefusal.EMPTY),
    ],
)
def test_slow_mode_gives_everyone_time_to_read(text, seconds_ago, refusal):
    last_at = None if seconds_ago is None else START - timedelta(seconds=seconds_ago)
    found = policy.why_not_write(
        assembly(), RESIDENT, is_checked_in=True, text=text, last_at=last_at, at=START
    )
    assert found == refusal


@pytest.mark.parametrize(
    ("author", "hidden", "refusal"),
    [
        (99, False, None),
        (10, False, RoomRefusal.OWN_QUESTION),
        (99, True, RoomRefusal.QUESTION_HIDDEN),
    ],
)
def test_who_may_raise_a_question(author, hidden, refusal):
    question = Question(author_id=author, hidden_at=START if hidden else None)
    found = policy.why_not_upvote(assembly(), question, RESIDENT, is_checked_in=True, at=START)
    assert found == refusal


@pytest.mark.parametrize(
    ("is_waiting", "queue_length", "refusal"),
    [
        (False, 0, None),
        (True, 1, RoomRefusal.ALREADY_WAITING),
        (False, policy.QUEUE_LENGTH, RoomRefusal.QUEUE_FULL),
    ],
)
def test_who_may_ask_for_the_floor(is_waiting, queue_length, refusal):
    found = policy.why_not_request_floor(
        assembly(),
        RESIDENT,
        is_checked_in=True,
        is_waiting=is_waiting,
        queue_length=queue_length,
        at=START,
    )
    assert found == refusal


@pytest.mark.parametrize(
    ("by", "state", "refusal"),
    [
        (CHAIR, AssemblyState.OPEN, None),
        (CHAIR, AssemblyState.CLOSED, RoomRefusal.NOT_OPEN),
        (OTHER_CHAIR, AssemblyState.OPEN, RoomRefusal.NOT_CHAIR),
        (MODERATOR, AssemblyState.OPEN, RoomRefusal.NOT_CHAIR),
        (RESIDENT, AssemblyState.OPEN, RoomRefusal.NOT_CHAIR),
    ],
)
def test_who_leads(by, state, refusal):
    assert policy.why_not_lead(assembly(state), by) == refusal


@pytest.mark.parametrize(
    ("by", "answered", "hidden", "refusal"),
    [
        (CHAIR, False, False, None),
        (CHAIR, True, False, RoomRefusal.ALREADY_ANSWERED),
        (CHAIR, False, True, RoomRefusal.QUESTION_HIDDEN),
        (RESIDENT, False, False, RoomRefusal.NOT_CHAIR),
    ],
)
def test_who_answers(by, answered, hidden, refusal):
    question = Question(
        author_id=99,
        answered_at=START if answered else None,
        hidden_at=START if hidden else None,
    )
    assert policy.why_not_answer(assembly(), question, by) == refusal


@pytest.mark.parametrize(
    ("by", "state", "call", "end", "withdraw"),
    [
        (CHAIR, FloorState.WAITING, None, RoomRefusal.NOT_SPEAKING, None),
        (CHAIR, FloorState.SPEAKING, RoomRefusal.NOT_WAITING, None, RoomRefusal.NOT_WAITING),
        (CHAIR, FloorState.DONE, *3 * (RoomRefusal.NOT_WAITING,)),
        (RESIDENT, FloorState.WAITING, RoomRefusal.NOT_CHAIR, RoomRefusal.NOT_SPEAKING, None),
        (RESIDENT, FloorState.SPEAKING, RoomRefusal.NOT_CHAIR, None, RoomRefusal.NOT_WAITING),
        (
            NEIGHBOUR,
            FloorState.WAITING,
            RoomRefusal.NOT_CHAIR,
            RoomRefusal.NOT_YOURS,
            RoomRefusal.NOT_YOURS,
        ),
    ],
)
def test_who_moves_the_floor(by, state, call, end, withdraw):
    request = FloorRequest(person_id=10, state=state)
    assert policy.why_not_call(assembly(), request, by) == call
    if state is not FloorState.DONE:
        assert policy.why_not_end_speech(assembly(), request, by) == end
    assert policy.why_not_withdraw(assembly(), request, by) == withdraw


@pytest.mark.parametrize(
    ("by", "expected"),
    [(CHAIR, True), (MODERATOR, True), (OTHER_CHAIR, False), (RESIDENT, False), (NOBODY, False)],
)
def test_who_sees_the_console(by, expected):
    assert policy.keeps_order(assembly(), by) is expected
