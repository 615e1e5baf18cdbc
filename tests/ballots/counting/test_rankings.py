"""Instant runoff, Schulze and STV against textbook elections worked by hand."""

from fractions import Fraction

import pytest

from app.ballots.rules.counting.election import Candidate, Ranking
from app.ballots.rules.counting.outcome import TieKind, Transfer, Verdict
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze, strongest_paths
from app.ballots.rules.counting.stv import count_stv, droop_quota
from app.ballots.rules.counting.ties import TieBreak, TieRule, draw_ticket
from tests.ballots.counting.elections import (
    ANDREA,
    ANDREA_PAPER,
    BURLINGTON,
    BURLINGTON_PAPER,
    FOOD,
    FOOD_PAPER,
    SCHULZE_45,
    TENNESSEE,
    TENNESSEE_PAPER,
    paper,
    rankings,
)

F = Fraction
IN_ORDER = TieBreak(TieRule.PAPER_ORDER)


def schulze(candidates, ballots, places=1, **more):
    return count_schulze(candidates, sum_of_preferences(candidates, ballots), places, **more)


def standings(count):
    return [dict(one.standing) for one in count.rounds]


def verdicts(count):
    return {one: step.verdict.value for one, step in count.verdicts.items()}


# ---------------------------------------------------------------- instant runoff


def test_tennessee_by_instant_runoff_moves_to_knoxville():
    count = count_instant_runoff(TENNESSEE_PAPER, TENNESSEE)
    assert count.selected == ("Knoxville",)
    assert standings(count) == [
        {"Memphis": 42, "Nashville": 26, "Chattanooga": 15, "Knoxville": 17},
        {"Memphis": 42, "Nashville": 26, "Knoxville": 32},
        {"Memphis": 42, "Knoxville": 58},
    ]
    assert [one.transfers for one in count.rounds] == [
        (Transfer("Chattanooga", "Knoxville", F(15)),),
        (Transfer("Nashville", "Knoxville", F(26)),),
        (),
    ]
    assert verdicts(count) == {
        "Chattanooga": "eliminated",
        "Nashville": "eliminated",
        "Knoxville": "selected",
        "Memphis": "not_selected",
    }
    assert count.rounds[-1].steps[0].figures == {"base": 100}


def test_burlington_elects_kiss_although_montroll_beats_everybody():
    count = count_instant_runoff(BURLINGTON_PAPER, BURLINGTON)
    assert count.selected == ("Kiss",)
    assert standings(count) == [
        {"Wright": 3297, "Kiss": 2982, "Montroll": 2554},
        {"Kiss": 4314, "Wright": 4064},
    ]
    assert count.rounds[0].transfers[-1] == Transfer("Montroll", None, F(455))
    assert count.figures == {"valid": 8833, "unmarked": 0, "exhausted": 455}
    assert schulze(BURLINGTON_PAPER, BURLINGTON).selected == ("Montroll",)


def test_more_support_can_hurt_in_instant_runoff():
    before = rankings("39: A > B > C\n35: B > C > A\n26: C > A > B")
    after = rankings("39: A > B > C\n10: A > B > C\n25: B > C > A\n26: C > A > B")
    assert count_instant_runoff(paper("ABC"), before).selected == ("A",)
    assert count_instant_runoff(paper("ABC"), after).selected == ("C",)


def test_a_majority_at_once_ends_the_count_and_exactly_half_does_not():
    count = count_instant_runoff(paper("ABC"), rankings("51: A\n49: B > C"))
    assert (count.selected, len(count.rounds)) == (("A",), 1)
    half = count_instant_runoff(paper("AB"), rankings("50: A\n50: B"))
    assert (half.selected, verdicts(half)) == ((), {"A": "tied", "B": "tied"})
    before = count_instant_runoff(paper("ABC"), rankings("50: A\n30: B\n20: C > B"))
    assert (before.selected, before.ties[0].earlier) == (("A",), 1)


def test_the_majority_is_of_the_papers_still_in_the_count():
    count = count_instant_runoff(paper("ABC"), rankings("5: A\n4: B\n3: C"))
    assert count.selected == ("A",)
    assert standings(count)[1] == {"A": 5, "B": 4}
    assert count.rounds[1].steps[0].figures == {"base": 9}
    assert count.figures["exhausted"] == 3


def test_equal_last_ones_leave_by_the_round_before_then_together_then_by_the_rule():
    earlier = rankings("10: A\n6: B > A\n5: C > A\n1: D > C")
    count = count_instant_runoff(paper("ABCD"), earlier)
    (tie,) = count.ties
    assert (tie.kind, tie.candidates, tie.round, tie.earlier) == (
        TieKind.ELIMINATION,
        ("B", "C"),
        2,
        1,
    )
    assert tie.settled == ("B", "C")
    together = count_instant_runoff(paper("ABCD"), rankings("5: A\n4: B\n1: C > B\n1: D > B"))
    assert (together.selected, together.ties) == (("B",), ())
    assert [step.candidate for step in together.rounds[0].steps] == ["C", "D"]
    even = rankings("4: A\n2: B\n2: C\n")
    stopped = count_instant_runoff(paper("ABC"), even)
    assert (stopped.selected, len(stopped.open_ties)) == ((), 1)
    assert verdicts(stopped) == {"B": "tied", "C": "tied"}
    by_rule = count_instant_runoff(paper("ABC"), even, ties=IN_ORDER)
    assert by_rule.selected == ("A",)
    assert by_rule.ties[0].settled == ("B", "C")
    assert verdicts(by_rule)["C"] == "eliminated"


def test_the_draw_takes_out_the_largest_ticket():
    ties = TieBreak(TieRule.DRAW, "20211127-07-13-21-33-40-42")
    count = count_instant_runoff(paper("AB"), rankings("1: A\n1: B"), ties=ties)
    tickets = {one: draw_ticket(ties.number, one) for one in "AB"}
    assert count.selected == (min(tickets, key=tickets.get),)
    assert count.ties[0].number == ties.number


def test_equals_on_one_tier_share_a_paper_and_its_parts_go_to_the_others_of_the_tier():
    count = count_instant_runoff(paper("ABCD"), rankings("1: A=B=C > D\n2: D"))
    assert standings(count)[0] == {"A": F(1, 3), "B": F(1, 3), "C": F(1, 3), "D": 2}
    three = count_instant_runoff(paper("ABCD"), rankings("3: A=B=C\n2: D\n1: B\n1: C > A"))
    assert standings(three)[0] == {"A": 1, "B": 2, "C": 2, "D": 2}
    assert three.rounds[0].transfers == (
        Transfer("A", "B", F(1, 2)),
        Transfer("A", "C", F(1, 2)),
    )


def test_nobody_wins_without_votes_and_the_withdrawn_are_passed_over():
    assert verdicts(count_instant_runoff(paper("AB"), [])) == {"A": "no_votes", "B": "no_votes"}
    assert count_instant_runoff((), []).rounds == ()
    candidates = (Candidate(id="A", is_withdrawn=True), *paper("BC"))
    count = count_instant_runoff(candidates, rankings("3: A > C\n2: B\n1: A"))
    assert count.selected == ("C",)
    assert verdicts(count) == {"C": "selected", "B": "not_selected", "A": "withdrawn"}
    assert count.figures["unmarked"] == 1


@pytest.mark.parametrize("method", [count_instant_runoff, lambda c, b: count_stv(c, b, 1)])
def test_strangers_and_weightless_papers_are_refused(method):
    with pytest.raises(KeyError):
        method(paper("AB"), rankings("1: Z > A"))
    with pytest.raises(KeyError):
        method(paper("AB"), rankings("1: A=Z"))
    with pytest.raises(ValueError, match="more than nothing"):
        method(paper("AB"), [Ranking((("A",),), F(0))])
    with pytest.raises(ValueError, match="called 'A'"):
        method(paper("AA"), [])


# ---------------------------------------------------------------- Schulze


def test_tennessee_by_schulze_is_nashville():
    count = schulze(TENNESSEE_PAPER, TENNESSEE, 4)
    assert count.selected == ("Nashville", "Chattanooga", "Knoxville", "Memphis")


def test_schulzes_own_example_with_forty_five_voters():
    candidates = paper("ABCDE")
    sums = sum_of_preferences(candidates, SCHULZE_45)
    expected = {
        "A": {"B": 20, "C": 26, "D": 30, "E": 22},
        "B": {"A": 25, "C": 16, "D": 33, "E": 18},
        "C": {"A": 19, "B": 29, "D": 17, "E": 24},
        "D": {"A": 15, "B": 12, "C": 28, "E": 14},
        "E": {"A": 23, "B": 27, "C": 21, "D": 31},
    }
    assert sums == {(a, b): n for a, row in expected.items() for b, n in row.items()}
    paths = strongest_paths("ABCDE", sums)
    assert [paths["A", other][0] for other in "BCDE"] == [28, 28, 30, 24]
    assert [paths["E", other][0] for other in "ABCD"] == [25, 28, 28, 31]
    count = count_schulze(candidates, sums, 5)
    assert count.selected == tuple("EACBD")
    assert dict(count.rounds[0].standing) == {"E": 4, "A": 3, "C": 2, "B": 1, "D": 0}
    duel = count.rounds[0].duels[0]
    assert (duel.one, duel.other, duel.votes, duel.against) == ("A", "B", 20, 25)
    assert (duel.path, duel.back, duel.lead) == ((28, 17), (25, 20), 1)


def test_of_equally_strong_duels_the_one_with_fewer_against_is_stronger():
    sums = {
        ("A", "B"): 6, ("B", "A"): 3, ("B", "C"): 6, ("C", "B"): 2, ("C", "A"): 6, ("A", "C"): 1,
    }  # fmt: skip
    count = count_schulze(paper("ABC"), sums, 3)
    assert count.selected == ("B", "C", "A")
    assert [duel.lead for duel in count.rounds[0].duels] == [-1, -1, 1]


def test_a_perfect_circle_is_a_tie_which_the_rule_settles_or_leaves_open():
    circle = rankings("1: A > B > C\n1: B > C > A\n1: C > A > B")
    still = schulze(paper("ABC"), circle)
    assert (still.selected, len(still.open_ties)) == ((), 1)
    assert set(verdicts(still).values()) == {"tied"}
    settled = schulze(paper("ABC"), circle, 2, ties=IN_ORDER)
    assert settled.selected == ("A", "B")
    assert verdicts(settled)["C"] == "not_selected"
    assert settled.ties[0].places == 2


def test_places_below_an_open_tie_stay_empty():
    count = schulze(paper("ABCD"), rankings("2: A > B=C > D"), 2)
    assert count.selected == ("A",)
    assert verdicts(count) == {"A": "selected", "B": "tied", "C": "tied", "D": "not_selected"}


def test_whoever_is_not_named_stands_below_and_equals_beat_nobody():
    sums = sum_of_preferences(paper("ABC"), rankings("3: A\n1/2: B=C > A\n1: B > B > A"))
    assert sums == {
        ("A", "B"): 3,
        ("A", "C"): 4,
        ("B", "A"): F(3, 2),
        ("B", "C"): 1,
        ("C", "A"): F(1, 2),
        ("C", "B"): 0,
    }
    with pytest.raises(KeyError):
        sum_of_preferences(paper("AB"), rankings("1: A > Z"))


def test_schulze_selects_nobody_without_votes_and_passes_over_the_withdrawn():
    assert set(verdicts(schulze(paper("AB"), [])).values()) == {"no_votes"}
    candidates = (Candidate(id="A", is_withdrawn=True), *paper("BC"))
    count = schulze(candidates, rankings("3: A > C > B"))
    assert verdicts(count) == {"C": "selected", "B": "not_selected", "A": "withdrawn"}
    assert schulze(paper("A"), []).selected == ("A",)
    with pytest.raises(KeyError):
        count_schulze(paper("AB"), {("A", "B"): 1})


# ---------------------------------------------------------------- STV


@pytest.mark.parametrize(
    ("valid", "seats", "quota"),
    [(20, 3, 6), (57, 2, 20), (100, 1, 51), (101, 1, 51), (99, 2, 34), (F(7, 2), 1, 2)],
)
def test_the_droop_quota_is_the_least_that_only_so_many_can_have(valid, seats, quota):
    assert droop_quota(F(valid), seats) == quota
    assert quota * (seats + 1) > valid >= (quota - 1) * (seats + 1)


def test_food_for_a_party_by_stv():
    count = count_stv(FOOD_PAPER, FOOD, 3)
    assert count.selected == ("Chocolate", "Orange", "Strawberry")
    assert count.figures["quota"] == 6
    assert standings(count) == [
        {"Orange": 4, "Pear": 2, "Chocolate": 12, "Strawberry": 1, "Sweets": 1},
        {"Orange": 4, "Pear": 2, "Chocolate": 6, "Strawberry": 5, "Sweets": 3},
        {"Orange": 6, "Chocolate": 6, "Strawberry": 5, "Sweets": 3},
        {"Orange": 6, "Chocolate": 6, "Strawberry": 5},
    ]
    assert count.rounds[0].transfers == (
        Transfer("Chocolate", "Strawberry", F(4)),
        Transfer("Chocolate", "Sweets", F(2)),
    )
    assert verdicts(count)["Sweets"] == "eliminated"


def test_a_surplus_is_shared_out_among_all_papers():
    count = count_stv(ANDREA_PAPER, ANDREA, 2)
    assert count.selected == ("Andrea", "Carter")
    assert standings(count)[1:] == [
        {"Andrea": 20, "Carter": 12, "Brad": 8, "Delilah": 17},
        {"Andrea": 20, "Carter": 20, "Delilah": 17},
    ]
    assert verdicts(count)["Delilah"] == "not_selected"


def test_papers_move_on_at_their_value_times_surplus_by_votes():
    # Quota 5 of 13 for two places. A has 6: surplus 1, each paper at 1/6. Then C leaves, and the
    # paper of A that lies there moves on at the 1/6 that it is worth.
    ballots = rankings("5: A > B\n1: A > C > D\n2: B\n2: C > D\n3: D")
    count = count_stv(paper("ABCD"), ballots, 2)
    assert count.figures["quota"] == 5
    assert standings(count)[1] == {"A": 5, "B": F(17, 6), "C": F(13, 6), "D": 3}
    assert standings(count)[2] == {"A": 5, "B": F(17, 6), "D": F(31, 6)}
    assert count.selected == ("A", "D")
    lost = count_stv(paper("ABC"), rankings("6: A\n2: B\n1: C > B"), 2)
    assert lost.rounds[0].transfers == (Transfer("A", None, F(2)),)
    assert lost.figures["exhausted"] == 2


def test_the_larger_surplus_moves_first_and_equal_ones_by_the_round_before():
    ballots = rankings("9: A > C\n8: B > D\n2: C\n2: D")
    count = count_stv(paper("ABCD"), ballots, 3)
    assert [one.transfers[0].origin for one in count.rounds if one.transfers][:2] == ["A", "B"]
    even = rankings("8: A > C\n8: B > D\n2: C\n2: D\n1: E")
    together = count_stv(paper("ABCDE"), even, 3)
    assert {one.origin for one in together.rounds[0].transfers} == {"A", "B"}
    assert together.ties[0].kind is TieKind.SURPLUS
    by_rule = count_stv(paper("ABCDE"), even, 3, ties=IN_ORDER)
    assert {one.origin for one in by_rule.rounds[0].transfers} == {"A"}


def test_the_last_places_go_to_those_who_are_left_and_nothing_moves_then():
    count = count_stv(paper("ABC"), rankings("9: A > B\n1: B\n"), 2)
    assert count.selected == ("A", "B")
    few = count_stv(paper("AB"), rankings("5: A"), 3)
    assert (few.selected, few.rounds[0].transfers) == (("A", "B"), ())


def test_stv_stops_at_a_tie_that_nothing_settles():
    ballots = rankings("5: A\n2: B\n2: C\n")
    stopped = count_stv(paper("ABC"), ballots, 2)
    assert stopped.selected == ("A",)
    assert verdicts(stopped) == {"A": "selected", "B": "tied", "C": "tied"}
    assert len(stopped.open_ties) == 1
    assert count_stv(paper("ABC"), ballots, 2, ties=IN_ORDER).selected == ("A", "B")
    nothing = count_stv(paper("ABCDEF"), rankings("5: A\n2: B\n1: F"), 2)
    assert [step.candidate for step in nothing.rounds[1].steps] == ["C", "D", "E"]
    assert {verdicts(nothing)[one] for one in "CDE"} == {"eliminated"}


def test_stv_needs_a_seat_and_votes():
    with pytest.raises(ValueError, match=r"^there is at least one seat$"):
        count_stv(paper("AB"), [], 0)
    assert verdicts(count_stv(paper("AB"), [], 1)) == {"A": "no_votes", "B": "no_votes"}
    candidates = (Candidate(id="A", is_withdrawn=True), *paper("BC"))
    count = count_stv(candidates, rankings("3: A > C\n2: B"), 1)
    assert verdicts(count) == {"C": "selected", "B": "not_selected", "A": "withdrawn"}


def test_one_seat_by_stv_elects_the_winner_of_instant_runoff():
    for candidates, ballots in ((TENNESSEE_PAPER, TENNESSEE), (BURLINGTON_PAPER, BURLINGTON)):
        stv = count_stv(candidates, ballots, 1)
        assert stv.selected == count_instant_runoff(candidates, ballots).selected


def test_a_verdict_is_a_step_of_the_last_round_that_speaks_of_somebody():
    count = count_stv(FOOD_PAPER, FOOD, 3)
    assert count.verdicts["Pear"].votes == 2
    assert count.verdicts["Pear"].verdict is Verdict.ELIMINATED


def test_the_dearest_leaves_though_the_others_cost_the_same():
    costs = {"a": 1, "b": 1, "c": 2}
    dear = [Candidate(id=one, cost=F(cost)) for one, cost in costs.items()]
    ballots = [Ranking((("a",), ("b",))), Ranking((("b",), ("a",))), Ranking((("c",), ("a",)))]
    count = count_instant_runoff(dear, ballots, ties=TieBreak(TieRule.CHEAPER))
    assert count.selected == ("a",)
    both_ways = [Ranking((("a",), ("b",), ("c",))), Ranking((("c",), ("b",), ("a",)))]
    count = schulze(dear, both_ways, 2, ties=TieBreak(TieRule.CHEAPER))
    assert set(count.selected) == {"a", "b"}


# ---------------------------------------------------------------- what is written down of a count


def test_instant_runoff_writes_the_base_beside_every_decision():
    count = count_instant_runoff(TENNESSEE_PAPER, TENNESSEE)
    assert count.method == "instant_runoff"
    assert dict(count.votes) == standings(count)[0]
    stood = [[name for name, _ in one.standing] for one in count.rounds]
    assert stood[0] == ["Memphis", "Nashville", "Knoxville", "Chattanooga"]
    assert stood[2] == ["Knoxville", "Memphis"]
    assert count.figures == {"valid": 100, "unmarked": 0, "exhausted": 0}
    decided = [step for one in count.rounds for step in one.steps]
    assert [dict(step.figures) for step in decided] == [{"base": 100}] * len(decided)
    tied = count_instant_runoff(paper("ABC"), rankings("2: A\n2: B\n1: C"))
    assert {dict(step.figures)["base"] for one in tied.rounds for step in one.steps} == {5, 4}
    empty = count_instant_runoff(paper("AB"), rankings("3: "))
    assert [dict(step.figures) for step in empty.rounds[0].steps] == [{"base": 0}] * 2
    assert empty.figures == {"valid": 0, "unmarked": 3, "exhausted": 0}


def test_schulze_writes_duels_won_and_the_seats_beside_every_candidate():
    count = schulze(paper("ABC"), rankings("3: B > A > C"), places=2)
    assert (count.method, count.figures) == ("schulze", {"seats": 2})
    (only,) = count.rounds
    assert (only.number, only.standing) == (1, (("B", 2), ("A", 1), ("C", 0)))
    assert {step.candidate: step.votes for step in only.steps} == {"A": 1, "B": 2, "C": 0}
    assert all(step.figures == {"seats": 2} for step in only.steps)


def test_schulze_writes_how_a_tie_was_settled():
    equal = rankings("1: A > B > C\n1: B > A > C")
    drawn = schulze(paper("ABC"), equal, ties=TieBreak(TieRule.DRAW, "7"))
    (tie,) = drawn.ties
    first, second = sorted("AB", key=lambda one: draw_ticket("7", one))
    assert (tie.candidates, tie.settled) == (("A", "B"), (first, second))
    assert (tie.rule, tie.number, tie.places) == (TieRule.DRAW, "7", 1)
    assert drawn.selected == (first,)
    (left_open,) = schulze(paper("ABC"), equal).ties
    assert (left_open.rule, left_open.settled, left_open.number) == (TieRule.JOINT, (), "")


def test_stv_writes_its_votes_and_seats():
    count = count_stv(FOOD_PAPER, FOOD, 3)
    assert count.method == "stv"
    assert dict(count.votes) == standings(count)[0]
    assert count.figures["seats"] == 3
    nobody = count_stv(paper("AB"), rankings("3: "), 1)
    assert nobody.selected == ()
    assert verdicts(nobody) == {"A": "no_votes", "B": "no_votes"}
    assert nobody.rounds[0].transfers == ()


def test_whoever_reaches_the_quota_with_most_is_elected_first():
    count = count_stv(paper("ABC"), rankings("5: A\n9: B\n1: C"), 2)
    assert count.selected == ("B", "A")


def test_a_ballot_weighs_more_than_nothing():
    with pytest.raises(ValueError, match=r"^a ballot weighs more than nothing$"):
        count_instant_runoff(paper("A"), rankings("0: A"))


def test_a_torn_paper_goes_on_with_all_that_stands_behind_its_equals():
    ballots = rankings("2: A=B > C > D\n3: C\n4: D")
    count = count_instant_runoff(paper("ABCD"), ballots)
    assert standings(count) == [{"A": 1, "B": 1, "C": 3, "D": 4}, {"C": 5, "D": 4}]
    assert count.rounds[0].transfers == (Transfer("A", "C", F(1)), Transfer("B", "C", F(1)))
