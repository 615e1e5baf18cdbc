"""What is handed over to whoever asks what is kept of them: everything, and nothing of others."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import LargeBinary, select
from sqlalchemy.sql import visitors

from app.assemblies.models import Assembly, AssemblyState, Attendance, QuorumKind
from app.ballots.models import Ballot, BallotState, Envelope, Slot, SlotState
from app.core.orm import Base
from app.core.own_rows import OwnRows
from app.forum.models import (
    Claim,
    ClaimState,
    Opinion,
    OpinionEndorsement,
    OpinionReply,
    Stance,
    StanceChange,
    Topic,
    TopicKind,
    Weighing,
)
from app.moderation.models import HideReason, Report, SubjectKind
from app.notices.models import Notice
from app.proposals.models import Endorsement, Field, Follow, Proposal, ProposalState
from app.residents import actions, own
from app.residents.models import Account, LookPurpose, Person, Role
from app.residents.rules import AgeMode
from app.room.models import FloorRequest, FloorState, Message, Question, QuestionUpvote
from tests.support.statements import statements
from tests.support.world import START

SEVERAL = 5
LEAF = b"a leaf of one's own in the box!!"
SECRETS = ("argon2", LEAF.hex(), "leaf", "sealed", "nonce", "token", "mac")

# Foreign keys to a person that are not handed over, each with the reason.
NOT_THEIRS: dict[str, str] = {}
# What somebody did in office: that they did it is theirs, the rest of the row is about others.
IN_OFFICE = {
    "assembly.called_by",
    "assembly_rules.set_by",
    "ballot.certified_by",
    "ballot.counted_by",
    "ballot.drawn_by",
    "ballot.frozen_by",
    "claim.decided_by",
    "endorsement_policy.set_by",
    "membership.verified_by",
    "role_grant.granted_by",
    "topic.opened_by",
}
# Columns of somebody's own rows that are not handed over, each with the reason.
NOT_TOLD = {
    "account.id": "a number that is shown nowhere",
    "account.passphrase_hash": "a secret, and no words anybody wrote",
    "audit_row.chain": "the same in all of them",
    "audit_row.digest": "seals the row",
    "audit_row.salt": "keeps the seal from being guessed",
    "audit_row.previous": "seals the row",
    "claim.decided_by": "somebody else",
    "consent.id": "a number that is shown nowhere",
    "contact.account_id": "whose it is",
    "contact.id": "a number that is shown nowhere",
    "contact.mac": "a keyed digest of the address, which is told",
    "membership.id": "a number that is shown nowhere",
    "membership.verified_by": "somebody else",
    "notice_outbox.mac": "a keyed digest of an address, which is told",
    "message.nonce": "makes a message that was sent twice one",
    "minutes_correction.minutes_before": "may hold the very name that had to go",
    "notice_correction.ends_before": "stands in public",
    "notice_correction.held_before": "stands in public",
    "notice_correction.text_before": "may hold the very name that had to go",
    "notice_correction.venue_before": "stands in public",
    "passphrase_code.account_id": "whose it is",
    "passphrase_code.mac": "a secret's digest",
    "person.withdrawn_at": "nobody who left asks any more",
    "person.is_replaced": "the same",
    "proposal.policy_id": "the rule stands on the row itself",
    "proposal.search_initials": "made of the title and the text, which are told",
    "proposal.search_jamo": "made of the title and the text, which are told",
    "question.nonce": "makes a question that was sent twice one",
    "role_grant.granted_by": "somebody else",
    "role_grant.id": "a number that is shown nowhere",
    "sign_in.account_id": "whose it is",
    "sign_in.token_hash": "a secret's digest",
    "slot.id": "leads to the envelope in which the choice is sealed",
}


def columns_of(rows):
    """Return the columns that a kind tells, by table and name."""
    return {
        f"{part.table.name}.{part.name}"
        for told in rows.told.values()
        for part in visitors.iterate(told.expression if hasattr(told, "expression") else told)
        if part.__visit_name__ == "column" and part.table is not None
    }


def name(column):
    return f"{column.class_.__table__.name}.{column.key}"


@pytest.fixture
def kinds(app):
    return {name: rows for name, (_called, rows) in own.kinds_of(app).items()}


def test_every_row_that_names_a_person_is_handed_over_or_it_is_said_why_not(kinds):
    handed = {name(rows.whose) for rows in kinds.values()}
    tables = {rows.table.__table__.name for rows in kinds.values()}
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "person.id"
    }
    assert naming - handed == set(NOT_THEIRS)
    of_accounts = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "account.id"
    }
    assert of_accounts <= tables
    assert naming >= IN_OFFICE


def test_every_column_of_ones_own_rows_is_told_or_it_is_said_why_not(kinds):
    untold = set()
    for rows in kinds.values():
        if name(rows.whose) not in IN_OFFICE:
            columns = {
                f"{rows.table.__table__.name}.{one.name}" for one in rows.table.__table__.columns
            }
            untold |= columns - columns_of(rows) - {name(rows.whose)}
    assert untold - set(NOT_TOLD) == set()
    assert set(NOT_TOLD) - untold == set()


def test_nothing_sealed_and_nothing_of_an_envelope_is_told(kinds):
    assert "envelope" not in {rows.table.__table__.name for rows in kinds.values()}
    binary = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    told = set().union(*map(columns_of, kinds.values()))
    assert told & binary == {"person.identity_mac"}, "of that, only whether there is one"
    assert not {one for one in told if one.startswith("envelope.")}
    assert "slot.id" not in told


def test_a_kind_without_a_name_or_with_one_that_is_taken_is_refused(app):
    kind = {"messages": OwnRows(Message.author_id, {"at": Message.at})}
    with pytest.raises(ValueError, match="messages"):
        own.add(app.extensions["house"], kind, {"messages": "이야기"})
    with pytest.raises(ValueError, match="letters"):
        own.add(app.extensions["house"], {}, {"letters": "편지"})


# ------------------------------------------------------------------ a life in the dong
def ballot(place_id, by, title):
    return Ballot(
        place_id=place_id,
        title=title,
        explanation="",
        state=BallotState.DRAFT,
        opens_at=START,
        closes_at=START + timedelta(days=7),
        min_picks=1,
        max_picks=1,
        base_date=date(2021, 3, 2),
        min_age=15,
        age_mode=AgeMode.PLAIN,
        quorum_kind=QuorumKind.NONE,
        quorum_value=0,
        drawn_by=by,
        created_at=START,
    )


def proposal(place_id, author_id, title, *, draft=False):
    days = {} if draft else {"opens_at": START, "closes_at": START + timedelta(days=20)}
    return Proposal(
        number=None if draft else f"제안-{title}",
        place_id=place_id,
        author_id=author_id,
        field=Field.CULTURE,
        title=title,
        sense="한 줄",
        body=f"{title}의 본문",
        state=ProposalState.DRAFT if draft else ProposalState.ENDORSING,
        created_at=START,
        published_at=None if draft else START,
        threshold=None if draft else 20,
        **days,
    )


def topic(place_id, by, department_id):
    return Topic(
        place_id=place_id,
        kind=TopicKind.QUESTION,
        department_id=department_id,
        title="걷는 길",
        question="어떻게 생각하시나요?",
        background="",
        opens_at=START,
        closes_at=START + timedelta(days=9),
        opened_by=by,
        created_at=START,
    )


def assembly(place_id, by, title):
    return Assembly(
        place_id=place_id,
        title=title,
        notice_text="",
        venue="강당",
        held_at=START,
        ends_at=START + timedelta(hours=2),
        state=AssemblyState.OPEN,
        called_by=by,
        created_at=START,
    )


def lives(world, who, whose, times):
    """Let a person do each thing some times, to things of somebody else's where it is to things."""
    neighbour = world.registrar()
    with world.write() as s:
        place, department = world.place(s).id, world.department(s).id

        def kept(*rows):
            s.add_all(rows)
            s.flush()
            return rows

        (asked,) = kept(topic(place, neighbour, department))
        for turn in range(times):
            words = f"{whose} {turn}"
            theirs, meeting, vote = kept(
                proposal(place, neighbour, f"이웃의 제안 {words}"),
                assembly(place, neighbour, f"총회 {words}"),
                ballot(place, neighbour, f"투표 {words}"),
            )
            told = {"topic_id": asked.id, "created_at": START}
            opinion, said, _mine, sentence = kept(
                Opinion(author_id=who, stance=Stance.FOR, text=words, reason=words, **told),
                Opinion(author_id=neighbour, stance=Stance.FOR, text="이웃", reason="이웃", **told),
                Claim(author_id=who, text=words, state=ClaimState.WAITING, **told),
                Claim(
                    author_id=neighbour,
                    text="이웃의 문장",
                    state=ClaimState.SHOWN,
                    decided_at=START,
                    decided_by=neighbour,
                    **told,
                ),
            )
            talk = {"assembly_id": meeting.id, "home_id": place, "at": START}
            question, _mine, slot = kept(
                Question(author_id=neighbour, nonce="n", text="이웃의 질문", **talk),
                Question(author_id=who, nonce=words, text=words, **talk),
                Slot(
                    ballot_id=vote.id,
                    person_id=who,
                    place_id=place,
                    state=SlotState.ONLINE if turn else SlotState.UNUSED,
                    used_at=START if turn else None,
                ),
            )
            change = {"before": Stance.AGAINST, "after": Stance.FOR, "endorsements_before": 0}
            hers, now = {"person_id": who}, {"at": START}
            kept(
                proposal(place, who, words, draft=turn < 2),
                Endorsement(proposal_id=theirs.id, **hers, **now),
                Follow(proposal_id=theirs.id, **hers, **now),
                StanceChange(opinion_id=opinion.id, why=words, **change, **now),
                OpinionReply(author_id=who, opinion_id=said.id, text=words, created_at=START),
                OpinionEndorsement(opinion_id=said.id, **hers, **now),
                Weighing(claim_id=sentence.id, topic_id=asked.id, value=-1, **hers, **now),
                Message(author_id=who, nonce=words, text=words, **talk),
                QuestionUpvote(question_id=question.id, **hers, **now),
                FloorRequest(**hers, **talk, topic=words, minutes=3, state=FloorState.DONE),
                Attendance(assembly_id=meeting.id, **hers, **now),
                Report(
                    subject_kind=SubjectKind.OPINION,
                    subject_id=said.id,
                    place_id=place,
                    reason=HideReason.INSULT,
                    note=words,
                    href="/forum",
                    **hers,
                    **now,
                ),
                Notice(
                    **hers,
                    kind="TopicAnswered",
                    details={"title": words},
                    href="/forum",
                    created_at=START,
                ),
            )
            if whose == "나" and turn == 1:
                kept(
                    Envelope(
                        id=b"e" * 16,
                        ballot_id=vote.id,
                        slot_id=slot.id,
                        leaf=LEAF,
                        sealed=b"choice",
                    )
                )


DONE = (
    "proposals",
    "endorsements",
    "follows",
    "opinions",
    "stance_changes",
    "replies_to_opinions",
    "opinion_endorsements",
    "claims",
    "weighings",
    "messages",
    "questions",
    "question_upvotes",
    "floor_requests",
    "attendances",
    "places_on_rolls",
    "reports",
)


@pytest.fixture
def handed(world, browser):
    """Someone with a life in the dong, beside a neighbour, and what they are handed over."""
    account = world.account(name="홍길동", address="hong@example.kr")
    me, neighbour = account.person_id, world.resident()
    world.verify(me)
    world.grant(me, Role.CHAIR, "doksan1")
    lives(world, me, "나", SEVERAL)
    lives(world, neighbour, "남", 1)
    with world.write() as s:
        hidden = s.scalar(select(Proposal).where(Proposal.title == "이웃의 제안 나 0"))
        hidden.hidden_at, hidden.hidden_reason = START, HideReason.INSULT
        actions.show_personal_record(
            s,
            s.get_one(Person, me),
            purpose=LookPurpose.COMPLAINT,
            by=world.standing(s, world.registrar()),
            at=world.at,
        )
    old = world.token(me)
    with world.write() as s:
        actions.end_sign_in(s, old, at=world.at)
    browser.sign_in(world, me).open("/me/settings").submit("/me/data")
    return browser


def test_all_of_what_someone_did_is_handed_over_and_nothing_of_a_neighbour(handed):
    known = json.loads(handed.text)
    assert {kind: len(known[kind]) for kind in DONE} == dict.fromkeys(DONE, SEVERAL)
    assert len(known["notices"]) == SEVERAL + 1, "and that the clerk verified them"
    assert "남 0" not in handed.text
    assert {one["body"] for one in known["proposals"]} == {
        f"나 {turn}의 본문" for turn in range(SEVERAL)
    }
    assert {one["state"] for one in known["proposals"]} == {"draft", "endorsing"}
    assert {one["text"] for one in known["messages"]} == {f"나 {turn}" for turn in range(SEVERAL)}
    assert known["weighings"][0]["value"] == -1
    titles = sorted(one["proposal"] or "" for one in known["endorsements"])
    assert titles == ["", *(f"이웃의 제안 나 {turn}" for turn in range(1, SEVERAL))]
    assert set(known["kinds"]) == set(known) - {"kinds", "made_at"}
    assert known["kinds"]["messages"] == "총회에서 나눈 이야기"


def test_what_is_kept_of_a_person_is_handed_over(handed):
    known = json.loads(handed.text)
    assert "attachment" in handed.page.headers["Content-Disposition"]
    (person,) = known["person"]
    assert (person["name"], person["is_verified"]) == ("홍길동", True)
    (contact,) = known["contacts"]
    assert (contact["kind"], contact["address"]) == ("email", "hong@example.kr")
    assert known["memberships"][0]["dong"] == "독산1동"
    assert known["memberships"][0]["since"] == "2021-03-02"
    assert known["roles"][0]["role"] == "chair"
    assert {one["kind"] for one in known["consents"]} == {"terms", "privacy"}
    assert len([one for one in known["sign_ins"] if one["ended_at"]]) == 1
    acts = {one["act"]: one for one in known["record"]}
    assert acts["PersonalRecordShown"]["details"]["purpose"] == "complaint"
    assert not acts["PersonalRecordShown"]["by_oneself"]
    assert acts["AccountOpened"]["by_oneself"]


def test_that_someone_voted_is_told_but_never_what_nor_anything_secret(handed):
    known = json.loads(handed.text)
    assert sorted(one["state"] for one in known["places_on_rolls"]) == [
        *["online"] * (SEVERAL - 1),
        "unused",
    ]
    assert all(
        set(one) == {"voted_at", "ballot_id", "ballot", "dong", "state"}
        for one in known["places_on_rolls"]
    )
    for secret in SECRETS:
        assert secret not in handed.text


def test_however_much_there_is_each_kind_is_read_once(app, world, browser, kinds):
    account = world.account()
    lives(world, account.person_id, "나", SEVERAL)
    browser.sign_in(world, account.person_id).open("/me/settings")
    with statements(app) as asked:
        browser.submit("/me/data")
    assert len(asked) == len(kinds) + 1, "and who asks"
    with world.read() as s:
        assert s.get_one(Account, account.id).passphrase_hash not in browser.text
