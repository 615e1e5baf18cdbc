"""The record on the desk: who may read it, what it shows, what the commands say of it."""

from dataclasses import fields

import pytest
from sqlalchemy import select, text

from app.audit.models import AuditRow
from app.audit.queries import Names
from app.audit.rules import ACTS_OF_OFFICE, row_digest
from app.audit.words import ACTS, CHAINS, FIELDS, OWN_VALUES, VALUES, fingerprint, told
from app.ballots.facts import PaperChange
from app.core.append_only import statements
from app.core.bus import record
from app.forum.models import ClaimState, Stance
from app.moderation.models import HideReason, SubjectKind
from app.proposals.models import Stage, TimelineCode, Verdict
from app.residents.facts import PersonalField, PersonFact, Withdrawal
from app.residents.models import ConsentKind, ContactKind, LookPurpose, MemberClass, Role
from app.residents.policy import GRANTED
from app.room.models import FloorState
from app.web.database import db
from tests.audit.support import audited_facts, endorsed, policy_set
from tests.ballots.conftest import Polls
from tests.proposals import steps
from tests.support.statements import statements as sent_statements

# Whatever is not a number must be a code, with all that it may be, or one of the public figures.
CODES = {
    "after": Stance,
    "before": Stance,
    "change": PaperChange,
    "code": TimelineCode,
    "field": PersonalField,
    "is_of_oneself": (True, False),
    "kind": ConsentKind,
    "member_class": MemberClass,
    "purpose": LookPurpose,
    "reason": HideReason,
    "role": Role,
    "same_identity_checked": (True, False),
    "stage": Stage,
    "stance": Stance,
    "state": ClaimState,
    "subject_kind": SubjectKind,
    "verdict": Verdict,
}
FIGURES = {"digest", "heads", "setup_hash"}


@pytest.mark.parametrize("kind", audited_facts(), ids=lambda kind: kind.__name__)
def test_an_act_carries_numbers_and_codes_alone_and_has_its_words(kind):
    for field in fields(kind):
        if field.name not in ("at", "by"):
            assert field.type in ("int", "int | None") or field.name in {*CODES, *FIGURES}
    assert f"{kind.chain}_id" in {field.name for field in fields(kind)}
    assert {field.name for field in fields(kind)} <= {*FIELDS, "at", "by"}
    assert kind.__name__ in ACTS
    assert kind.chain in CHAINS


def test_every_code_that_an_act_may_carry_has_its_words():
    assert {field: set(table) for field, table in VALUES.items()} == {
        field: set(codes) for field, codes in CODES.items()
    }
    assert {key: set(table) for key, table in OWN_VALUES.items()} == {
        ("FloorMoved", "state"): set(FloorState),
        ("PersonWithdrew", "reason"): set(Withdrawal),
    }


def test_a_person_s_contacts_are_corrected_by_their_kinds_names():
    assert set(ContactKind) <= set(PersonalField)


NAMES = Names(places={2: "독산1동"}, departments={2: "공원녹지과"})


@pytest.mark.parametrize(
    ("act", "chain", "details", "said"),
    [
        (
            "BallotCast",
            "ballot",
            '{"assembly_id":11,"ballot_id":13,"option_id":null,"roll_count":75,"turnout":22}',
            [("총회", "11"), ("투표인명부", "75"), ("투표자", "22")],
        ),
        (
            "HeadsAnchored",
            "district",
            '{"district_id":1,"heads":[["topic",1,4,"ab"]]}',
            [("묶은 기록", "1")],
        ),
        (
            "BallotFrozen",
            "ballot",
            f'{{"setup_hash":"{"0a" * 32}"}}',
            [("확정값", "0a0a0a0a0a0a…")],
        ),
        ("OfOld", "ballot", '{"of_an_older_version":true}', [("of_an_older_version", "True")]),
        ("RoleGranted", "person", '{"role":"emperor"}', [("역할", "emperor")]),
        (
            "RoleGranted",
            "person",
            '{"person_id":2,"place_id":2,"role":"moderator"}',
            [("지역", "독산1동"), ("역할", "공론장 진행자")],
        ),
        ("RoleEnded", "person", '{"place_id":99}', [("지역", "99")]),
        (
            "RoleEnded",
            "person",
            '{"department_id":2,"person_id":2,"place_id":2,"role":"department"}',
            [("부서", "공원녹지과"), ("지역", "독산1동"), ("역할", "부서 담당자")],
        ),
        ("DepartmentAssigned", "proposal", '{"department_id":2}', [("부서", "공원녹지과")]),
        (
            "ClaimDecided",
            "topic",
            '{"claim_id":2,"state":"shown"}',
            [("문장", "2"), ("상태", "보임")],
        ),
        ("FloorMoved", "assembly", '{"state":"waiting"}', [("상태", "차례를 기다림")]),
        ("ClaimMarked", "topic", '{"is_of_oneself":true}', [("자기 소개", "예")]),
        ("ProgressReported", "commitment", '{"percent":40}', [("진행률", "40%")]),
        ("PersonalDataCorrected", "person", '{"field":"phone"}', [("항목", "휴대전화")]),
        ("ProposalReplied", "proposal", '{"verdict":"partly"}', [("답변", "부분채택")]),
    ],
)
def test_what_a_row_holds_is_told_in_words_and_the_subject_is_not_said_twice(
    app, act, chain, details, said
):
    with app.test_request_context("/"):
        assert told(AuditRow(act=act, chain=chain, details=details), NAMES) == said


@pytest.fixture
def record_of_three(world):
    with world.write() as session:
        record(session, endorsed(world, by=901))
        record(session, endorsed(world, by=902))
    return world


@pytest.mark.parametrize(
    ("role", "status"),
    [(role, 200 if role in (Role.OPERATOR, Role.OBSERVER) else 403) for role in GRANTED]
    + [(None, 403)],
)
def test_operators_and_observers_alone_read_the_record(record_of_three, browser, role, status):
    world = record_of_three
    person_id = world.resident()
    if role is not None:
        world.grant(person_id, role, department="parks" if role is Role.DEPARTMENT else None)
    browser.sign_in(world, person_id)
    for url in ("/desk/audit", "/desk/audit?chain=topic", "/desk/audit/topic/1"):
        assert browser.open(url).status == status
    if status == 403:
        assert "로그인이 필요" not in browser.text
        assert "맡은 일이 있는 분만" in browser.text
    if status == 200:
        assert ("사람 901" in browser.text) is (role is Role.OPERATOR)
        assert "모든 줄이 이어집니다" in browser.text


def test_nobody_finds_who_acted_by_trying_every_number(world):
    proposal_id = steps.endorsing(world)
    steps.endorse(world, proposal_id, world.resident("doksan1"))
    with world.read() as session:
        rows = session.scalars(select(AuditRow)).all()
    assert len({row.salt for row in rows}) == len(rows)
    for row in rows:
        known = {
            name: getattr(row, name)
            for name in ("previous", "chain", "subject_id", "seq", "at", "act", "details")
        }
        tried = {row_digest(**known, by=by, salt=None) for by in (None, *range(1, 100))}
        assert row.digest not in tried


def test_the_fingerprint_of_a_resident_s_row_without_salt_is_for_readers_of_people_alone():
    row = AuditRow(act="ProposalEndorsed", by=7, digest=b"\1" * 32)
    assert fingerprint(row, sees_people=False) == ""
    assert fingerprint(row, sees_people=True) == "01" * 6


def test_what_concerns_people_is_for_operators(record_of_three, browser, new_browser):
    world = record_of_three
    operator, observer = world.staff(Role.OPERATOR), world.staff(Role.OBSERVER)
    browser.sign_in(world, observer)
    assert "역할 맡김" not in browser.open("/desk/audit").text
    for url in ("/desk/audit?chain=person", f"/desk/audit/person/{operator}"):
        assert browser.open(url).status == 404
        assert new_browser().sign_in(world, operator).open(url).status == 200


@pytest.mark.parametrize(
    ("role", "place", "sees_people"),
    [
        (Role.OPERATOR, "geumcheon", True),
        (Role.OBSERVER, "geumcheon", False),
        (Role.OPERATOR, "doksan1", False),
        (Role.OBSERVER, "doksan1", False),
    ],
)
def test_a_resident_s_number_is_for_readers_of_people_alone(
    world, browser, role, place, sees_people
):
    proposal_id = steps.endorsing(world)
    endorser = world.resident("doksan1")
    steps.endorse(world, proposal_id, endorser)
    with world.read() as session:
        acts = {
            row.act: row for row in session.scalars(select(AuditRow)) if row.chain == "proposal"
        }
    published, endorsed_, passed = (
        acts[act] for act in ("ProposalPublished", "ProposalEndorsed", "PrecheckPassed")
    )
    browser.sign_in(world, world.staff(role, place))
    for url in ("/desk/audit?chain=proposal", f"/desk/audit/proposal/{proposal_id}"):
        page = browser.open(url).text
        assert f"사람 {passed.by}<" in page
        assert passed.digest.hex()[:12] in page
        for row in (published, endorsed_):
            assert (f"사람 {row.by}<" in page) is sees_people
            assert row.digest.hex()[:12] in page
            assert row.salt.hex() not in page
        assert page.count(">주민<") == (0 if sees_people else 2)


RESIDENTS_ACTS = {
    "BallotCast",
    "AttendanceTakenBack",
    "CheckedIn",
    "ClaimAdded",
    "ContentReported",
    "EndorsementWithdrawn",
    "FloorMoved",
    "FloorRequested",
    "OpinionAnswered",
    "OpinionEndorsed",
    "OpinionEndorsementWithdrawn",
    "OpinionWritten",
    "ProposalEndorsed",
    "ProposalPublished",
    "QuestionAsked",
    "StanceChanged",
    "ThresholdReached",
    "WindowMissed",
}


def test_every_act_is_of_an_office_or_a_resident_s():
    acts = {kind.__name__ for kind in audited_facts() if kind.chain not in ("person", "district")}
    assert acts == ACTS_OF_OFFICE | RESIDENTS_ACTS
    assert not ACTS_OF_OFFICE & RESIDENTS_ACTS


def test_a_role_of_a_dong_reads_what_belongs_to_the_dong(world, settings, browser, new_browser):
    staff = (world.staff(role) for role in (Role.CLERK, Role.OFFICER, Role.OBSERVER))
    polls = Polls(world, settings.keys_path, *staff)
    here, there = polls.draw(title="여기 투표"), polls.draw(title="저기 투표", place="gasan")
    with world.write() as session:
        record(session, policy_set(world, world.place(session, "gasan").id))
    for role in (Role.OBSERVER, Role.OPERATOR):
        browser.sign_in(world, world.staff(role, "doksan1"))
        page = browser.open("/desk/audit").text
        assert f'href="/desk/audit/ballot/{here}"' in page
        assert f'href="/desk/audit/ballot/{there}"' not in page
        assert browser.open(f"/desk/audit/ballot/{here}").status == 200
        for beyond in (f"/ballot/{there}", "/person/1", "?chain=person", "?chain=district"):
            assert browser.open(f"/desk/audit{beyond}").status == 404
        assert "가산동" not in browser.open("/desk/audit?chain=place").text
    everywhere = new_browser().sign_in(world, world.staff(Role.OBSERVER))
    assert f'href="/desk/audit/ballot/{there}"' in everywhere.open("/desk/audit").text
    assert everywhere.open(f"/desk/audit/ballot/{there}").status == 200


def test_names_of_places_take_one_statement_however_many_rows_speak_of_them(world, browser):
    browser.sign_in(world, world.staff(Role.OPERATOR))
    counts = []
    for _ in range(2):
        with sent_statements(world.app) as sent:
            browser.open("/desk/audit?chain=person")
        counts.append(len(sent))
        assert "<b>금천구</b>" in browser.text
        assert "<b>운영자</b>" in browser.text
        for dong in ("doksan1", "gasan"):
            for _ in range(5):
                world.resident(dong)
    assert counts[0] == counts[1]
    browser.open("/desk/audit?chain=person")
    assert "<b>가산동</b>" in browser.text
    assert "<b>주민(주민등록)</b>" in browser.text


def test_a_chain_is_titled_with_the_words_that_the_list_has_for_it(world, browser):
    with world.write() as session:
        place_id = world.place(session, "doksan1").id
        record(session, policy_set(world, place_id))
        record(session, endorsed(world))
    browser.sign_in(world, world.staff(Role.OPERATOR))
    for name, page in (("독산1동", f"/place/{place_id}"), ("공론장 1", "/topic/1")):
        assert f'href="/desk/audit{page}">{name} · 1번째' in browser.open("/desk/audit").text
        assert f"<h1>{name}의 기록</h1>" in browser.open(f"/desk/audit{page}").text


def test_a_chain_says_in_words_what_happened_and_keeps_the_bytes_behind_them(world, browser):
    with world.write() as session:
        record(session, endorsed(world))
    browser.sign_in(world, world.staff(Role.OPERATOR)).open("/desk/audit/topic/1")
    words, _, raw = browser.text.partition("<details")
    assert "의견 <b>1</b>" in words
    assert "opinion_id" not in words
    assert "<summary>기록 원문</summary><code>{" in raw
    assert "opinion_id" in raw
    assert "기록 원문" not in browser.open("/desk/audit").text


def test_a_chain_keeps_its_title_past_its_last_page(world, browser):
    with world.write() as session:
        place_id = world.place(session, "doksan1").id
        record(session, policy_set(world, place_id))
    browser.sign_in(world, world.staff(Role.OPERATOR))
    page = browser.open(f"/desk/audit/place/{place_id}?page=9")
    assert "<h1>독산1동의 기록</h1>" in page.text
    assert "목록은 이 쪽보다 앞에서 끝납니다" in page.text
    assert browser.open("/desk/audit/place/99999?page=9").status == 404


def test_one_thing_is_told_in_the_singular_in_english(world, browser):
    with world.write() as session:
        record(session, endorsed(world))
    browser.sign_in(world, world.staff(Role.OPERATOR))
    browser.client.set_cookie("language", "en")
    text = browser.open("/desk/audit?chain=topic").text
    assert "Opinion <b>1</b>" in text
    assert "Forum topic 1 · no. 1" in text


@pytest.mark.parametrize(
    "url",
    [
        "/desk/audit?chain=nothing",
        "/desk/audit?chain=%00",
        "/desk/audit/%00/1",
        "/desk/audit/topic/99999999999999999999",
        "/desk/audit/topic/2",
    ],
)
def test_odd_addresses_are_not_there(record_of_three, browser, url):
    browser.sign_in(record_of_three, record_of_three.staff(Role.OPERATOR))
    assert browser.open(url).status == 404
    assert browser.open("/desk/audit?page=99999999999999999999").status == 200


def test_a_long_record_is_read_page_by_page(world, browser):
    with world.write() as session:
        for count in range(60):
            record(session, endorsed(world, count=count))
    browser.sign_in(world, world.staff(Role.OPERATOR))
    assert browser.open("/desk/audit/topic/1").text.count('class="audit__act"') == 100
    assert browser.open("/desk/audit/topic/1?page=2").text.count('class="audit__act"') == 20


@pytest.fixture
def unguarded(record_of_three):
    world = record_of_three
    with world.app.app_context(), db.engine.begin() as connection:
        on_table = " ON audit_row" if connection.dialect.name == "postgresql" else ""
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_row_refuses_{verb}{on_table}"))
        connection.execute(text("UPDATE audit_row SET by = 99 WHERE chain = 'topic' AND seq = 2"))
    yield world
    with world.app.app_context(), db.engine.begin() as connection:
        for statement in statements("audit_row", connection.dialect.name):
            connection.execute(text(statement))


def test_tampering_is_said_on_the_desk_and_by_the_command(unguarded, browser):
    browser.sign_in(unguarded, unguarded.staff(Role.OPERATOR))
    assert "2번째 줄이 앞 줄과 맞지 않습니다" in browser.open("/desk/audit/topic/1").text
    result = unguarded.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "topic 1: row 2 does not fit" in result.output
    assert "trigger audit_row_refuses_update is missing" in result.output
    assert "trigger audit_row_refuses_delete is missing" in result.output


def test_the_record_of_a_person_names_no_word_of_theirs():
    assert {field.name for field in fields(PersonFact)} == {"at", "by", "person_id"}
