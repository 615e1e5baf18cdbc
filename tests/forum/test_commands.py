"""The forum's commands say in one JSON line what a published conversation holds."""

from __future__ import annotations

import json

from app.forum.rules import exchange
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
