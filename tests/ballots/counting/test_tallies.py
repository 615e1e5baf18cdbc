"""Yes or no, one, several, points, channels, quorums: golden figures, and rules at their edges."""

from datetime import date
from fractions import Fraction

import pytest

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.channels import count_channels
from app.ballots.rules.counting.election import (
    Approval,
    Candidate,
    Ranking,
    Scoring,
    sum_of_picks,
    sum_of_points,
)
from app.ballots.rules.counting.majority import MORE_THAN_HALF, Base, Majority
from app.ballots.rules.counting.outcome import Verdict
from app.ballots.rules.counting.papers import Bounds, Complaint, PaperRule, why_not_valid
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.single import count_single
from app.ballots.rules.counting.terms import Channel
from app.ballots.rules.counting.ties import TieBreak, TieRule, draw_ticket
from app.ballots.rules.counting.yes_no import count_yes_no
from app.core.clock import seoul_moment
from app.core.korean import format_until
from app.core.numbers import percent
from tests.ballots.counting.elections import paper

F = Fraction
QUESTION = Candidate(id="motion")
TWO_THIRDS = Majority(share=F(2, 3), strictly=False)
TRACKS = (*paper("AB", section="one"), *paper("CDE", section="two"))


def verdicts(count):
    return {one: step.verdict.value for one, step in count.verdicts.items()}


# ---------------------------------------------------------------- percentages


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (299, 335, "89.25"),
        (256, 598, "42.81"),
        (206, 598, "34.45"),
        (256, 299, "85.62"),
        (206, 299, "68.90"),
        (6_978, 21_018, "33.20"),
        (2_176, 5_032, "43.24"),
        (155, 348, "44.54"),
        (273, 1_961, "13.92"),
    ],
)
def test_percentages_of_known_votes(part, whole, text):
    assert percent(part, whole, 2) == text


def test_a_window_counts_both_its_days():
    opens, closes = seoul_moment(date(2020, 7, 17)), seoul_moment(date(2020, 7, 24))
    assert format_until(closes) == "2020. 7. 23.(목) 24:00"
    assert (closes - opens).days == 7


# ---------------------------------------------------------------- majorities, yes and no


def test_half_is_not_more_than_half_and_two_thirds_are_two_thirds():
    assert not MORE_THAN_HALF.is_reached(F(15), F(30))
    assert MORE_THAN_HALF.is_reached(F(15), F(29))
    assert TWO_THIRDS.is_reached(F(20), F(30))
    assert not TWO_THIRDS.is_reached(F(20), F(31))
    assert not Majority(strictly=False).is_reached(F(0), F(0))
    assert [MORE_THAN_HALF.needed(F(n)) for n in (0, 29, 30, 31)] == [1, 15, 16, 16]
    assert [TWO_THIRDS.needed(F(n)) for n in (30, 31, 32, 33)] == [20, 21, 22, 22]


@pytest.mark.parametrize(
    ("present", "yes", "verdict"),
    [
        (15, 15, Verdict.NO_QUORUM),
        (16, 8, Verdict.NO_MAJORITY),
        (16, 9, Verdict.SELECTED),
        (30, 15, Verdict.NO_MAJORITY),
        (30, 16, Verdict.SELECTED),
    ],
)
def test_a_committee_of_thirty_seats(present, yes, verdict):
    count = count_yes_no(QUESTION, present=present, yes=yes, no=0, needed=16)
    assert count.verdicts["motion"].verdict is verdict
    assert count.selected == (("motion",) if verdict is Verdict.SELECTED else ())
    assert count.figures["needed"] == 16
    assert count.figures["base"] == present


def test_abstentions_take_part_and_say_neither():
    sums = {"yes": 10, "no": 8, "abstain": 3}
    assert count_yes_no(QUESTION, **sums).selected == ()
    of_votes = Majority(base=Base.VOTES)
    carried = count_yes_no(QUESTION, **sums, majority=of_votes)
    assert carried.selected == ("motion",)
    assert carried.figures == {"base": 18, "majority": 10, "needed": 0, "voters": 21}
    assert dict(carried.rounds[0].standing) == sums
    assert count_yes_no(QUESTION, yes=5, no=5, majority=of_votes).selected == ()
    of_roll = Majority(base=Base.ROLL)
    assert count_yes_no(QUESTION, **sums, majority=of_roll, roll=19).selected == ("motion",)
    assert count_yes_no(QUESTION, **sums, majority=of_roll, roll=20).selected == ()
    assert count_yes_no(QUESTION, **sums, needed=22, majority=of_votes).selected == ()
    with pytest.raises(ValueError, match="the roll"):
        count_yes_no(QUESTION, **sums, majority=of_roll)
    with pytest.raises(ValueError, match="more voted"):
        count_yes_no(QUESTION, **sums, present=20)
    with pytest.raises(ValueError, match="less than nobody"):
        count_yes_no(QUESTION, yes=-1, no=2)


# ---------------------------------------------------------------- approval, one, points


def test_each_section_has_places_of_its_own():
    sums = {"A": 9, "B": 8, "C": 3, "D": 2, "E": 0}
    count = count_approval(TRACKS, sums, {"two": 2, "one": 1}, voters=12)
    assert count.selected == ("C", "D", "A")
    assert verdicts(count) == {
        "A": "selected",
        "B": "not_selected",
        "C": "selected",
        "D": "selected",
        "E": "no_votes",
    }
    assert [(one.number, one.section) for one in count.rounds] == [(1, "two"), (2, "one")]
    assert count.votes == sums
    assert count.figures == {"needed": 0, "voters": 12}


def test_no_place_stays_for_those_behind_an_open_tie():
    count = count_approval(paper("ABCD"), {"A": 5, "B": 3, "C": 3, "D": 1}, {"": 2})
    assert count.selected == ("A",)
    assert verdicts(count) == {"A": "selected", "B": "tied", "C": "tied", "D": "not_selected"}
    (tie,) = count.open_ties
    assert (tie.candidates, tie.places, tie.rule, tie.round) == (("B", "C"), 1, TieRule.JOINT, 1)


@pytest.mark.parametrize(
    ("rule", "number", "selected"),
    [
        (TieRule.JOINT, "", ()),
        (TieRule.RUNOFF, "", ()),
        (TieRule.PAPER_ORDER, "", ("A",)),
        (TieRule.CHEAPER, "", ("B",)),
        (TieRule.DRAW, "7", None),
    ],
)
def test_a_tie_for_the_last_place_follows_the_rule_named_before(rule, number, selected):
    candidates = (Candidate(id="A", cost=F(9)), Candidate(id="B", cost=F(5)))
    count = count_approval(candidates, {"A": 4, "B": 4}, {"": 1}, ties=TieBreak(rule, number))
    if selected is None:
        selected = (min("AB", key=lambda one: draw_ticket("7", one)),)
    assert count.selected == selected
    assert count.ties[0].number == number
    assert bool(count.open_ties) is (not selected)


@pytest.mark.parametrize(
    ("places", "selected"), [(1, ("B",)), (2, ()), (3, ("B", "A", "C")), (4, ("B", "A", "C", "D"))]
)
def test_the_cheaper_get_the_places_where_equal_costs_are_on_one_side_of_the_line(places, selected):
    costs = {"A": 2, "B": 1, "C": 2, "D": 3}
    candidates = [Candidate(id=one, cost=F(cost)) for one, cost in costs.items()]
    sums = dict.fromkeys(costs, 4)
    count = count_approval(candidates, sums, {"": places}, ties=TieBreak(TieRule.CHEAPER))
    assert set(count.selected) == set(selected)


def test_cheaper_leaves_equal_costs_open_and_a_draw_needs_its_number():
    same = (Candidate(id="A", cost=F(5)), Candidate(id="B", cost=F(5)))
    count = count_approval(same, {"A": 4, "B": 4}, {"": 1}, ties=TieBreak(TieRule.CHEAPER))
    assert count.selected == ()
    with pytest.raises(ValueError, match="published number"):
        TieBreak(TieRule.DRAW, "  ")


def test_the_ticket_of_the_draw_is_what_anybody_computes():
    # printf '%s' 'madang/draw/v1:20211127:3' | sha256sum
    assert draw_ticket(" 20211127 ", "3") == (
        "354b0495fd8ae454022b97ccd93430816bd4200ee13355bfca1e44e8928d49c8"
    )
    assert draw_ticket("7", "가") == draw_ticket("7", "가")


def test_below_the_quorum_nothing_is_selected_and_votes_are_told():
    count = count_approval(TRACKS, {"A": 9}, {"one": 1, "two": 1}, voters=9, needed=10)
    assert (count.selected, set(verdicts(count).values())) == ((), {"no_quorum"})
    assert count.votes["A"] == 9
    assert count.verdicts["A"].figures == {"needed": 10, "voters": 9}
    assert count_approval(TRACKS, {"A": 9}, {"one": 1, "two": 1}, voters=10, needed=10).selected


def test_the_withdrawn_get_no_place_and_sums_of_strangers_are_refused():
    candidates = (Candidate(id="A", is_withdrawn=True), *paper("B"))
    count = count_approval(candidates, {"A": 9, "B": 1}, {"": 1})
    assert verdicts(count) == {"B": "selected", "A": "withdrawn"}
    assert [one for one, _ in count.rounds[0].standing] == ["B"]
    with pytest.raises(KeyError):
        count_approval(paper("A"), {"Z": 1}, {"": 1})
    with pytest.raises(KeyError):
        count_approval(TRACKS, {}, {"one": 1})
    with pytest.raises(ValueError, match="less than no votes"):
        count_approval(paper("A"), {"A": -1}, {"": 1})


def test_one_place_by_plurality_or_by_a_majority():
    sums = {"A": 40, "B": 35, "C": 25}
    assert count_single(TRACKS[:2], {"A": 2, "B": 1}).selected == ("A",)
    assert count_single(paper("ABC"), sums).selected == ("A",)
    runoff = count_single(paper("ABC"), sums, majority=Majority(base=Base.VOTES))
    assert runoff.selected == ()
    assert verdicts(runoff) == {"A": "no_majority", "B": "no_majority", "C": "not_selected"}
    assert runoff.figures == {"needed": 0, "base": 100, "majority": 51, "seats": 1, "finalists": 2}
    won = count_single(paper("ABC"), {"A": 51, "B": 49}, majority=Majority(base=Base.VOTES))
    assert (won.selected, won.verdicts["A"].figures["majority"]) == (("A",), 51)
    of_all = count_single(paper("AB"), {"A": 51, "B": 9}, majority=MORE_THAN_HALF, voters=102)
    assert (of_all.selected, verdicts(of_all)["B"]) == ((), "no_majority")
    roll = Majority(base=Base.ROLL)
    assert count_single(paper("AB"), {"A": 6}, majority=roll, roll=11).selected == ("A",)
    assert count_single(paper("AB"), {"A": 6}, majority=roll, roll=12).selected == ()


def test_a_majority_asks_for_its_base_and_fills_one_place():
    for base in (Base.PARTICIPANTS, Base.ROLL):
        with pytest.raises(ValueError, match="needs their number"):
            count_single(paper("AB"), {"A": 1}, majority=Majority(base=base))
    with pytest.raises(ValueError, match="one place"):
        count_single(paper("AB"), {"A": 1}, majority=MORE_THAN_HALF, places=2)


def test_without_votes_or_quorum_a_majority_changes_nothing():
    none = count_single(paper("AB"), {}, majority=Majority(base=Base.VOTES))
    assert set(verdicts(none).values()) == {"no_votes"}
    few = count_single(paper("AB"), {"A": 3}, majority=MORE_THAN_HALF, voters=3, needed=4)
    assert set(verdicts(few).values()) == {"no_quorum"}


def test_two_thirds_of_two_equals_is_nobodys_and_zero_votes_go_into_no_second_vote():
    level = count_single(
        paper("ABC"), {"A": 5, "B": 5}, majority=Majority(share=F(1, 2), strictly=False), voters=10
    )
    assert verdicts(level) == {"A": "no_majority", "B": "no_majority", "C": "no_votes"}
    alone = count_single(paper("AB"), {"A": 5}, majority=MORE_THAN_HALF, voters=20)
    assert verdicts(alone) == {"A": "no_majority", "B": "no_votes"}


def test_points_are_summed():
    ballots = [
        Scoring((("A", F(5)), ("B", F(2)))),
        Scoring((("B", F(4)),), F(2)),
        Scoring((("A", F(1)),)),
    ]
    sums = sum_of_points(paper("ABC"), ballots)
    assert sums == {"A": 6, "B": 10, "C": 0}
    count = count_scores(paper("ABC"), sums, {"": 2}, voters=4, needed=4)
    assert (count.method, count.selected) == ("score", ("B", "A"))
    assert verdicts(count)["C"] == "no_votes"


def test_picks_are_summed_by_weight():
    ballots = [Approval(("A", "B")), Approval(("B",), F(1, 2)), Approval(("B",), F(1, 2))]
    assert sum_of_picks(paper("ABC"), ballots) == {"A": 1, "B": 2, "C": 0}
    with pytest.raises(KeyError):
        sum_of_picks(paper("A"), [Approval(("Z",))])


# ---------------------------------------------------------------- one paper

FIVE = {f"{section}{number}": section for section in "vwxyz" for number in range(5)}
ONE_OR_TWO, NINE, TWO = Bounds(1, 2), Bounds(1, 9), Bounds(2, 2)
FIVE_SECTIONS = PaperRule(total=NINE, sections=dict.fromkeys("vwxyz", ONE_OR_TWO))
TWO_AND_TWO = PaperRule(sections={"v": TWO, "w": TWO})


def picks(*numbers):
    return Approval(
        tuple(
            f"{section}{i}"
            for section, count in zip("vwxyz", numbers, strict=False)
            for i in range(count)
        )
    )


@pytest.mark.parametrize(
    ("rule", "numbers", "complaint"),
    [
        (FIVE_SECTIONS, (2, 2, 2, 2, 1), None),
        (FIVE_SECTIONS, (1, 1, 1, 1, 1), None),
        (FIVE_SECTIONS, (2, 2, 2, 2, 2), Complaint(NINE, 10)),
        (FIVE_SECTIONS, (3, 2, 2, 1, 1), Complaint(ONE_OR_TWO, 3, "v")),
        (FIVE_SECTIONS, (2, 2, 2, 2, 0), Complaint(ONE_OR_TWO, 0, "z")),
        (FIVE_SECTIONS, (), Complaint(NINE, 0)),
        (TWO_AND_TWO, (2, 2), None),
        (TWO_AND_TWO, (2, 1), Complaint(TWO, 1, "w")),
        (TWO_AND_TWO, (3, 1), Complaint(TWO, 3, "v")),
    ],
)
def test_a_paper_keeps_the_bounds_of_each_section_and_of_the_whole(rule, numbers, complaint):
    assert why_not_valid(picks(*numbers), FIVE, rule) == complaint


def test_rankings_and_points_name_candidates_too():
    sections = dict.fromkeys("AB", "")
    rule = PaperRule(total=Bounds(1, 1))
    assert why_not_valid(Ranking((("A",), ("B",))), sections, rule) == Complaint(Bounds(1, 1), 2)
    assert why_not_valid(Scoring((("A", F(9)),)), sections, rule) is None


@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ([("A", F(5)), ("B", F(0))], None),
        ([("A", F(6))], Complaint(Bounds(0, 5), candidate="A")),
        ([("B", F(1)), ("A", F(-1))], Complaint(Bounds(0, 5), candidate="A")),
        ([("A", F(1, 2))], Complaint(Bounds(0, 5), candidate="A")),
    ],
)
def test_a_paper_of_scores(points, complaint):
    rule = PaperRule(most_points=5)
    assert why_not_valid(Scoring(tuple(points)), dict.fromkeys("AB", ""), rule) == complaint


@pytest.mark.parametrize("bounds", [(2, 1), (-1, 3)])
def test_bounds_that_nothing_keeps_are_refused(bounds):
    with pytest.raises(ValueError, match="nothing is at least"):
        Bounds(*bounds)


# ---------------------------------------------------------------- channels

OF_SEOUL = (
    Channel(id="committee", weight=F(45), sums={"A": 30, "B": 10, "C": 5}),
    Channel(id="citizens", weight=F(45), sums={"A": 1_000, "B": 3_000, "C": 500}),
    Channel(id="survey", weight=F(10), sums={"A": 50, "B": 30, "C": 20}),
)


def test_channels_weigh_their_shares_and_make_a_hundred():
    count = count_channels(paper("ABC"), OF_SEOUL, {"": 1})
    assert count.votes == {"A": 45, "B": 43, "C": 12}
    assert sum(count.votes.values()) == 100
    assert count.selected == ("A",)
    figures = count.verdicts["B"].figures
    assert (figures["raw:citizens"], figures["score:citizens"]) == (3_000, 30)
    assert (figures["raw:committee"], figures["score:committee"]) == (10, 10)
    assert (figures["raw:survey"], figures["score:survey"]) == (30, 3)
    assert count.figures["weight:survey"] == 10


def test_equal_scores_are_a_tie_whatever_thirds_they_are_made_of():
    channels = (
        Channel(id="x", weight=F(50), sums={"A": 1, "B": 1, "C": 1}),
        Channel(id="y", weight=F(50), sums={"A": 2, "B": 2, "C": 2}),
    )
    count = count_channels(paper("ABC"), channels, {"": 1})
    assert count.votes == dict.fromkeys("ABC", F(100, 3))
    assert len(count.open_ties) == 1
    assert count_channels(
        paper("ABC"), channels, {"": 1}, ties=TieBreak(TieRule.PAPER_ORDER)
    ).selected


def test_an_empty_channel_gives_nothing_and_the_withdrawn_take_nothing():
    channels = (
        Channel(id="x", weight=F(60), sums={"A": 1, "B": 2, "W": 7}),
        Channel(id="y", weight=F(40), sums={"W": 3}),
    )
    candidates = (*paper("AB"), Candidate(id="W", is_withdrawn=True))
    count = count_channels(candidates, channels, {"": 1})
    assert count.votes == {"A": 20, "B": 40, "W": 0}
    assert count.figures["empty:y"] == 1
    assert "empty:x" not in count.figures


@pytest.mark.parametrize(
    "weights", [(45, 45), (45, 45, 11), (F(100, 3), F(100, 3), F(33)), (110, -10), ()]
)
def test_weights_that_do_not_make_a_hundred_are_refused(weights):
    channels = [Channel(id=str(i), weight=F(one), sums={}) for i, one in enumerate(weights)]
    with pytest.raises(ValueError, match="make"):
        count_channels(paper("AB"), channels, {"": 1})


def test_two_channels_of_one_name_are_refused():
    twice = [Channel(id="x", weight=F(50), sums={"A": 1})] * 2
    with pytest.raises(ValueError, match="share an id"):
        count_channels(paper("AB"), twice, {"": 1})


@pytest.mark.parametrize("method", [count_approval, count_scores])
def test_without_a_quorum_nobody_need_have_come(method):
    assert method(paper("A"), {"A": 1}, {"": 1}, voters=0).selected == ("A",)
    assert method(paper("A"), {"A": 1}, {"": 1}, needed=9).selected == ("A",)


def test_without_a_quorum_channels_and_single_choices_count_however_few_came():
    whole = [Channel(id="x", weight=F(100), sums={"A": 1})]
    assert count_channels(paper("A"), whole, {"": 1}, voters=0).selected == ("A",)
    assert count_single(paper("A"), {"A": 1}, voters=0).selected == ("A",)


def test_whoever_a_settled_tie_puts_in_or_out_hears_so():
    order = TieBreak(TieRule.PAPER_ORDER)
    count = count_approval(paper("ABC"), {"A": 2, "B": 2, "C": 2}, {"": 2}, ties=order)
    assert verdicts(count) == {"A": "selected", "B": "selected", "C": "not_selected"}
