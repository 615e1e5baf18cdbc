"""The forum's commands say in one JSON line what a published conversation holds."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.forum import actions
from app.forum.models import AgreementMap, ClaimState, Topic
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


def test_what_cannot_come_in_is_told(app, world, tmp_path):
    votes, _ = village(4, 3)
    _publish(tmp_path, votes, groups=lambda row: "0")
    run = app.test_cli_runner().invoke
    nowhere = run(args=["forum", "import-polis", str(tmp_path), "--place", "moon", "--by", "1"])
    assert "no place is called moon" in nowhere.output
    assert "there is no topic 77" in run(args=["forum", "draw", "77"]).output
    for beyond in ("0", "9" * 30):
        ran = run(args=["forum", "draw", beyond])
        assert ran.exit_code == 2
        assert "Invalid value" in ran.output


def test_an_export_holds_all_that_was_let_through_and_nothing_else(app, world, tmp_path):
    talk = Talk(world, Forum(world))
    with world.write() as session:
        topic = session.get_one(Topic, talk.forum.topic_id)
        moderator = world.standing(session, talk.forum.moderator)
        for number in range(500):
            actions.add_claim(
                session, topic, text=f"{number}번째로 여는 문장입니다", by=moderator, at=world.at
            )
    waiting = talk.add("아직 아무도 살피지 않은 문장입니다", by=world.resident())
    people = world.residents(5)
    for person in people:
        talk.weigh(talk.claims[0], 1, by=person)
        talk.weigh(talk.claims[1], -1, by=person)
    talk.decide(talk.claims[1], ClaimState.REFUSED)
    run = app.test_cli_runner().invoke
    told = run(args=["forum", "export-polis", str(talk.forum.topic_id), str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "still open" in told.output
    texts = (tmp_path / exchange.COMMENTS).read_text(encoding="utf-8")
    assert texts.count("번째로 여는 문장입니다") == 500
    assert SENTENCES[0] in texts
    assert SENTENCES[1] not in texts
    assert "아직 아무도" not in texts
    votes = (tmp_path / exchange.VOTES).read_text(encoding="utf-8")
    assert len(votes.splitlines()) == 1 + len(people)
    assert all(not line.startswith(f"{waiting},") for line in votes.splitlines())
    world.pass_time(days=60)
    told = run(args=["forum", "export-polis", str(talk.forum.topic_id), str(tmp_path)])
    assert "still open" not in told.output


def test_an_id_of_thousands_of_digits_is_read_like_a_name(app, tmp_path):
    (tmp_path / exchange.VOTES).write_text(
        f"comment-id,voter-id,vote\n1,{'9' * 5000},1\n1,2,1\n", encoding="utf-8"
    )
    ran = app.test_cli_runner().invoke(args=["forum", "groups", str(tmp_path), "--json"])
    assert ran.exit_code == 0, ran.output
