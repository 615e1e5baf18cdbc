"""A file in another format selects the same, or is refused with what the format cannot hold."""

import json

import pytest

from app.ballots import commands
from app.ballots.rules.counting.files import read_file, write_file
from app.ballots.rules.counting.register import Asked, count_file
from app.ballots.rules.counting.unfit import Unfit
from tests.ballots.counting.test_count_command import (
    BLT,
    BUDGET,
    FILE,
    ONE_EACH,
    PICKS,
    POINTS,
    SOC,
    TENNESSEE,
)
from tests.ballots.counting.test_pabulib_dialects import KINDS, LEFT, PROJECTS, pb
from tests.ballots.counting.test_terms import CHANNELS, of

PLAIN = [{"id": "a"}, {"id": "b"}]
GONE = [{**PLAIN[0], "withdrawn": True}, PLAIN[1]]
VOTES = [{"weight": 2, "picks": ["a"]}, {"picks": ["b"]}]
SAMPLES = {
    "irv.csv": TENNESSEE,
    "picks.csv": PICKS,
    "points.csv": POINTS,
    "one.csv": ONE_EACH,
    "withdrawn.blt": BLT,
    "orders.soc": SOC,
    "budget.json": BUDGET,
    "ties.json": BUDGET.replace('"budget"', '"ties": "paper_order", "budget"'),
    "greedy.pb": FILE,
    "shares.pb": FILE.replace("rule;greedy", "rule;equalshares"),
    "least.pb": FILE.replace("rule;greedy", "rule;greedy\nmin_project_score_threshold;2"),
    "stops.pb": FILE.replace("rule;greedy", "rule;greedy-custom"),
    "parts.pb": pb(KINDS + LEFT, PROJECTS, "", rule="greedy-custom", budget="74000"),
    "sums.pb": FILE.partition("VOTES")[0],
    "gone.json": json.dumps(of(candidates=GONE, ballots=VOTES)),
    "quorum.json": json.dumps(of(candidates=PLAIN, ballots=VOTES, voters=3, needed=9)),
    "sections.json": json.dumps(of(sections=[{"id": "x"}, {"id": "y"}], ballots=VOTES)),
    "named.json": json.dumps(of(candidates=PLAIN, ballots=VOTES, rule="single")),
    "seats.json": json.dumps(of(candidates=PLAIN, ballots=VOTES, seats=2)),
    "channels.json": json.dumps(of(candidates=PLAIN, channels=CHANNELS)),
}  # fmt: skip
WRITTEN = {
    ("irv.csv", ".json"),
    ("irv.csv", ".blt"),
    ("greedy.pb", ".json"),
    ("greedy.pb", ".pb"),
    ("shares.pb", ".json"),
    ("ties.json", ".pb"),
    ("channels.json", ".csv"),
    ("withdrawn.blt", ".json"),
    ("sections.json", ".json"),
}


def selected(file):
    """Who is selected, by their places on the paper, in any order."""
    places = [one.id for one in file.election.candidates]
    return {places.index(one) for one in count_file(file, "", Asked())[0].selected}


@pytest.mark.parametrize("ending", [".json", ".csv", ".pb", ".blt", ".soi"])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_format_changes_who_is_selected(name, ending):
    file = read_file(name, SAMPLES[name].encode())
    try:
        text = write_file("b" + ending, file)
    except Unfit:
        if (name, ending) in WRITTEN:
            raise
        return
    again = read_file("b" + ending, text.encode())
    assert selected(again) == selected(file)


@pytest.mark.parametrize(
    ("name", "ending", "lost"),
    [
        ("gone.json", ".csv", "CSV cannot hold who is withdrawn"),
        ("quorum.json", ".csv", "who took part or could have, the quorum"),
        ("sections.json", ".csv", "which section candidates stand in, sections with their places"),
        ("named.json", ".csv", "CSV cannot hold the rule"),
        ("seats.json", ".csv", "the number of seats"),
        ("least.pb", ".json", "JSON cannot hold the least votes that can be selected"),
        ("stops.pb", ".json", "JSON cannot hold the custom of the city"),
        ("parts.pb", ".pb", "the budgets of parts of the town"),
        ("sums.pb", ".json", "sums without ballots"),
        ("budget.json", ".pb", "cannot hold how ties are settled"),
    ],
)
def test_what_would_be_lost_is_named(name, ending, lost):
    with pytest.raises(Unfit, match=lost):
        write_file("b" + ending, read_file(name, SAMPLES[name].encode()))


@pytest.mark.parametrize("folder", ["nowhere", "a.csv"], ids=["missing", "no folder"])
def test_where_nothing_can_be_written_it_is_said_and_nothing_stays(app, tmp_path, folder):
    source = tmp_path / "a.csv"
    source.write_text(PICKS)
    out = tmp_path / folder / "b.json"
    result = app.test_cli_runner().invoke(commands.ballots, ["convert", str(source), str(out)])
    assert result.exit_code == 2
    assert "b.json cannot be written: " in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
