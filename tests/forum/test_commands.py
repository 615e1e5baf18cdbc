"""The forum's commands say in one JSON line what a published conversation holds."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.forum.models import AgreementMap, Claim, ClaimState, Topic
from app.forum.queries.claims import DESK_LIMIT
from app.forum.rules import exchange
from app.residents.models import Role
from tests.forum.claims import SENTENCES, Talk
from tests.forum.steps import Forum
from tests.forum.villages import same_split, village


def _publish(folder, votes, *, groups):
    matrix = {}
    for row, column, value in zip(votes.rows, votes.columns, votes.values, strict=True):
        matrix.setdefault(int(row), {})[int(column)] = int(value)
    header = ["participant", "group-id", "n-votes", *votes.statements]
    lines = [",".join(header)]
    for row in range(len(votes.people)):
        cells = [
            str(matrix.get(row, {}).get(column, "")) for column in range(len(votes.statements))
        ]
        lines.append(",".join([str(row), groups(row), str(len(matrix.get(row, {}))), *cells]))
    (folder / exchange.PARTICIPANTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_the_groups_of_a_published_conversation_come_as_one_json_line(app, tmp_path):
    votes, camp = village(80, 14, filled=0.8)
    _publish(tmp_path, votes, groups=lambda row: "" if row < 2 else "0")
    ran = app.test_cli_runner().invoke(args=["forum", "groups", str(tmp_path), "--json"])
    told = json.loads(ran.output.splitlines()[-1])
    assert told["k"] == 2 == len(told["sizes"])
    assert sum(told["sizes"]) == 78 == len(told["participants"])
    assert same_split(told["participants"], camp) > 0.9
    assert {"statement", "agree"} == set(told["consensus"][0])


def test_a_broken_conversation_is_refused_with_its_place(app, tmp_path):
    (tmp_path / exchange.VOTES).write_text("comment-id,voter-id,vote\n1,1,9\n", encoding="utf-8")
    ran = app.test_cli_runner().invoke(args=["forum", "groups", str(tmp_path), "--json"])
    assert ran.exit_code == 1
    assert "votes.csv, line 2, column vote" in ran.output


def test_an_empty_folder_is_refused(app, tmp_path):
    ran = app.test_cli_runner().invoke(args=["forum", "groups", str(tmp_path)])
    assert ran.exit_code == 1
    assert "expected this file or participants-votes.csv" in ran.output


def test_a_conversation_comes_in_as_a_topic_and_goes_out_without_names(app, world, tmp_path):
    votes, _ = village(40, 12, filled=0.9)
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    _publish(source, votes, groups=lambda row: "0")
    (source / exchange.SUMMARY).write_text("topic,밤에도 열까요\n", encoding="utf-8-sig")
    moderator = world.staff(Role.MODERATOR)
    run = app.test_cli_runner().invoke
    came = run(
        args=["forum", "import-polis", str(source), "--place", "geumcheon", "--by", str(moderator)]
    )
    assert came.exit_code == 0, came.output
    with world.read() as session:
        topic = session.scalars(select(Topic)).one()
        assert topic.title == "밤에도 열까요"
        drawn = session.get_one(AgreementMap, topic.id)
        sizes = [group["size"] for group in drawn.picture["groups"]]
        assert len(sizes) == 2
        assert sum(sizes) == 40
        topic_id = topic.id
    assert run(args=["forum", "draw", str(topic_id)]).exit_code == 0
    assert run(args=["forum", "export-polis", str(topic_id), str(target)]).exit_code == 0
    told = json.loads(run(args=["forum", "groups", str(target), "--json"]).output.splitlines()[-1])
    assert sorted(told["sizes"]) == sorted(sizes)
    everything = "".join(one.read_text(encoding="utf-8") for one in target.iterdir())
    assert "author" not in everything
    assert "timestamp" not in everything


def test_what_nobody_let_through_is_not_published(app, world, tmp_path):
    talk = Talk(world, Forum(world))
    talk.two_camps(6)
    talk.decide(talk.claims[0], ClaimState.REFUSED)
    talk.add("아직 아무도 살피지 않은 문장", by=world.resident())
    topic_id = str(talk.forum.topic_id)
    ran = app.test_cli_runner().invoke(args=["forum", "export-polis", topic_id, str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    lines = (tmp_path / exchange.COMMENTS).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(SENTENCES)
    assert lines[1].startswith(f"{talk.claims[0]},")
    assert lines[1].endswith(",-1,")
    assert [line.rsplit(",", 1)[1] for line in lines[2:]] == SENTENCES[1:]


def test_a_conversation_longer_than_the_desks_list_goes_out_whole(app, world, tmp_path):
    talk = Talk(world, Forum(world))
    talk.two_camps(6)
    newer = {"topic_id": talk.forum.topic_id, "author_id": talk.forum.moderator}
    newer |= {"state": "shown", "created_at": world.at}
    newer |= {"decided_at": world.at, "decided_by": talk.forum.moderator}
    with world.write() as session:
        texts = (f"{number}째 새 문장" for number in range(DESK_LIMIT))
        session.add_all(Claim(text=text, **newer) for text in texts)
    topic_id = str(talk.forum.topic_id)
    ran = app.test_cli_runner().invoke(args=["forum", "export-polis", topic_id, str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    assert ran.output == f"6 people, {6 * len(SENTENCES)} weighings in {tmp_path}\n"


def test_what_cannot_come_in_is_told(app, world, tmp_path):
    votes, _ = village(4, 3)
    _publish(tmp_path, votes, groups=lambda row: "0")
    run = app.test_cli_runner().invoke
    nowhere = run(args=["forum", "import-polis", str(tmp_path), "--place", "moon", "--by", "1"])
    assert "no place is called moon" in nowhere.output
    assert "there is no topic 77" in run(args=["forum", "draw", "77"]).output
