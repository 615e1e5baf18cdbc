"""Folders of strangers: bounded, told by file, line and column, and all of it or nothing."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from app.forum.models import AgreementMap, Claim, ClaimState, Topic
from app.forum.rules import exchange
from app.residents.models import Person, Role

HEAD = "comment-id,voter-id,vote\n"
WORDS = "comment-id,comment-body\n"


@pytest.fixture
def bring(app, world, tmp_path):
    """Return how a folder of these files is imported: exit code and what was said."""
    moderator = world.staff(Role.MODERATOR)

    def run(*options: str, **files: bytes | str):
        for name, content in files.items():
            wire = content if isinstance(content, bytes) else content.encode()
            (tmp_path / exchange_name(name)).write_bytes(wire)
        asked = ["forum", "import-polis", str(tmp_path), "--place", "geumcheon"]
        by = () if "--by" in options else ("--by", str(moderator))
        return app.test_cli_runner().invoke(args=[*asked, *by, *options])

    return run


def exchange_name(name: str) -> str:
    return "participants-votes.csv" if name == "participants" else f"{name}.csv"


def nothing_came(world) -> bool:
    with world.read() as session:
        topics = session.scalar(select(func.count(Topic.id)))
        people = session.scalar(select(func.count(Person.id)).where(Person.name == "가져온 참여자"))
        return topics == 0 == people


def groups_of(app, folder):
    ran = app.test_cli_runner().invoke(args=["forum", "groups", str(folder), "--json"])
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.output.splitlines()[-1])


@pytest.mark.parametrize(
    ("votes", "k"),
    [
        ("", 0),
        ("1,1,1\n", 1),
        ("".join(f"{s},{p},1\n" for s in range(9) for p in range(12)), 1),
        ("".join(f"1,{p},{p % 3 - 1}\n" for p in range(12)), None),
        ("".join(f"{s},{p},{(s * p + p) % 3 - 1}\n" for s in range(9) for p in range(12)), None),
        ("".join(f"{p},{p},1\n" for p in range(12)), None),
    ],
    ids=["nobody", "one person", "all alike", "one statement", "all different", "strangers"],
)
def test_odd_conversations_are_drawn_and_come_in(app, world, bring, tmp_path, votes, k):
    came = bring(votes=HEAD + votes)
    assert came.exit_code == 0, came.output
    told = groups_of(app, tmp_path)
    assert k in (None, told["k"])
    with world.read() as session:
        kept = session.scalars(select(AgreementMap)).one()
        assert sum(group["size"] for group in kept.picture["groups"]) <= kept.people


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"votes": b"\xff\xfe" + HEAD.encode("utf-16-le")}, "votes.csv: expected text in UTF-8"),
        ({"votes": HEAD + "1,1,nan\n"}, "votes.csv, line 2, column vote"),
        ({"votes": HEAD + "1,1,1e999\n"}, "votes.csv, line 2, column vote"),
        ({"votes": HEAD + "1,1,１２\n"}, "votes.csv, line 2, column vote"),
        ({"votes": "vote,vote,comment-id,voter-id\n"}, "line 1, column vote: expected each column"),
        ({"votes": HEAD + "1,1,1,1\n"}, "votes.csv, line 2: expected 3 cells"),
        ({"votes": HEAD + '1,1,"1\n'}, "expected comma-separated values"),
        (
            {"votes": "timestamp,comment-id,voter-id,vote\nnan,1,1,1\n"},
            "line 2, column timestamp: expected a number",
        ),
        ({"participants": "participant,0\n1,1\n1,-1\n"}, "line 3, column participant"),
        ({"participants": "participant,0,0\n1,1,1\n"}, "line 1, column 0: expected each column"),
        ({"participants": "participant,0\n1,5\n"}, "line 2, column 0: expected -1, 0 or 1"),
        (
            {"votes": HEAD + "1,1,1\n", "comments": WORDS + "1,\x00막자\n"},
            "statement 1 holds control characters",
        ),
        (
            {"votes": HEAD + "1,1,1\n", "comments": WORDS + "1,800101-1234567 님\n"},
            "statement 1 holds what looks like a resident number",
        ),
        (
            {"votes": HEAD + "1,1,1\n", "summary": "topic,800101-1234567\n"},
            "summary.csv holds what looks like a resident number",
        ),
    ],
)
def test_what_is_broken_is_told_by_its_place_and_nothing_comes_in(world, bring, files, place):
    came = bring(**files)
    assert came.exit_code == 1
    assert place in came.output
    assert isinstance(came.exception, SystemExit)
    assert nothing_came(world)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--by", "999999"), "forum.not_moderator"),
        (("--days", "0"), "Invalid value for '--days'"),
        (("--days", "99999999"), "Invalid value for '--days'"),
        (("--by", "-1"), "Invalid value for '--by'"),
    ],
)
def test_whoever_may_not_is_refused_in_one_line(world, bring, options, said):
    came = bring(*options, votes=HEAD + "1,1,1\n")
    assert came.exit_code != 0
    assert said in came.output
    assert isinstance(came.exception, SystemExit)
    assert nothing_came(world)


def test_a_file_too_large_is_refused_before_it_is_read(app, bring, world, tmp_path):
    with (tmp_path / exchange.VOTES).open("wb") as file:
        file.truncate(exchange.FILE_AT_MOST + 1)
    came = bring()
    assert "votes.csv: expected 200,000,000 bytes at most, found 200,000,001" in came.output
    groups = app.test_cli_runner().invoke(args=["forum", "groups", str(tmp_path)])
    assert groups.exit_code == 1
    assert nothing_came(world)


def test_too_many_rows_and_columns_are_told_by_their_line(bring):
    rows = "".join(f"{n},x\n" for n in range(exchange.STATEMENTS_AT_MOST + 1))
    came = bring(votes=HEAD + "1,1,1\n", comments=WORDS + rows)
    assert "comments.csv, line 20002: expected 20,000 rows at most" in came.output
    wide = ",".join(str(n) for n in range(exchange.STATEMENTS_AT_MOST + 1))
    came = bring(participants=f"participant,{wide}\n", comments=WORDS)
    assert "participants-votes.csv, line 1: expected 20,000 columns at most" in came.output


def test_words_without_end_and_words_nobody_has_are_fitted(world, bring):
    came = bring(votes=HEAD + "7,1,1\n", summary=f"topic,{'길' * 500}\x07\n")
    assert came.exit_code == 0, came.output
    with world.read() as session:
        topic, claim = session.scalars(select(Topic)).one(), session.scalars(select(Claim)).one()
        assert len(topic.title) == 60
        assert (claim.text, claim.state) == ("글 없는 문장 7", ClaimState.SHOWN)


def test_what_was_moderated_out_elsewhere_moves_nobody_here(world, bring):
    votes = "".join(f"{s},{p},{1 if s == 9 else -1}\n" for s in (1, 2, 9) for p in range(8))
    out = "comment-id,moderated,comment-body\n1,1,하나\n2,1,둘\n9,-1,치운 말\n"
    assert bring(votes=HEAD + votes, comments=out).exit_code == 0
    with world.read() as session:
        hidden = session.scalars(select(Claim).where(Claim.state == ClaimState.REFUSED)).one()
        assert (hidden.text, hidden.agree_count) == ("치운 말", 8)
        picture = session.scalars(select(AgreementMap)).one().picture
        spoken = [*picture["consensus"], *picture["divisive"]]
        spoken += [one for group in picture["groups"] for one in group["stands_for"]]
        assert str(hidden.id) not in {one["claim"] for one in spoken}


def test_words_that_a_spreadsheet_computes_come_in_bare(world, bring):
    bring(votes=HEAD + "1,1,1\n", comments=WORDS + "1,'=막자\n")
    with world.read() as session:
        assert session.scalars(select(Claim.text)).one() == "=막자"
