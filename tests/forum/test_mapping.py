"""The map finds known camps, says what they share, and survives what people do."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from app.forum.rules.mapping import (
    PUBLISHED,
    Earlier,
    Settings,
    Votes,
    chart,
    memory,
    show_next,
)
from app.forum.rules.mapping.clusters import base_clusters, better, silhouette, split_into
from app.forum.rules.mapping.statistics import one_proportion, two_proportions
from app.forum.rules.whereabouts import own_place
from tests.forum.villages import same_split, village


@pytest.mark.parametrize("camps", [2, 3])
def test_known_camps_are_found_with_what_divides_and_what_unites_them(camps):
    votes, camp = village(240, 24, camps=camps, filled=0.7)
    drawn = chart(votes)
    assert len(drawn.groups) == camps
    assert same_split(drawn.group_of(), camp) > 0.95
    assert all(int(statement) % 2 for statement, _ in drawn.consensus)
    assert len(drawn.consensus) == 5
    assert all(int(statement) % 2 == 0 for statement, _ in drawn.divisive)
    for group in drawn.groups:
        assert all(int(one.statement) % 2 == 0 for one in group.stands_for)
        assert all(one.share > one.share_elsewhere for one in group.stands_for)


def test_the_same_votes_give_the_same_map_whatever_their_order():
    votes, _ = village(150, 20, filled=0.6)
    triples = list(zip(votes.rows, votes.columns, votes.values.astype(int), strict=True))
    again = Votes.of(votes.people, votes.statements, reversed(triples))
    first, second = chart(votes), chart(again)
    assert first.group_of() == second.group_of()
    assert np.array_equal(first.spots, second.spots)
    assert first.consensus == second.consensus


def test_a_map_drawn_on_from_an_earlier_one_does_not_flip_over():
    votes, _ = village(200, 20, filled=0.7)
    first = chart(votes)
    second = chart(votes, earlier=first.earlier)
    assert second.group_of() == first.group_of()
    assert np.allclose(second.spots, first.spots, atol=1e-5)


def test_another_number_of_groups_must_lead_several_times_before_the_map_shows_it():
    two, _ = village(240, 24, camps=2)
    three, _ = village(240, 24, camps=3)
    drawn = chart(two)
    counts = []
    for _ in range(4):
        drawn = chart(three, earlier=drawn.earlier)
        counts.append(len(drawn.groups))
    assert counts == [2, 2, 2, 3]


def test_one_person_is_placed_from_their_own_votes_where_the_whole_map_puts_them():
    votes, _ = village(60, 16, filled=0.8)
    drawn = chart(votes)
    mine = votes.rows == 5
    values = {
        int(votes.statements[column]): int(value)
        for column, value in zip(votes.columns[mine], votes.values[mine], strict=True)
    }
    kept = memory(drawn, votes)
    place = own_place(values, kept)
    assert place is not None
    middle, half = np.array(kept["frame"][:2]), np.array(kept["frame"][2:])
    assert np.allclose((np.array(place[:2]) * 2 - 1) * half + middle, _spot(drawn, "5"))
    assert place[2] == drawn.group_of()["5"]
    assert own_place(dict(list(values.items())[:6]), kept) is None


def _spot(drawn, person):
    return drawn.spots[drawn.people.index(person)]


def test_hidden_statements_move_nobody_and_stand_for_nothing():
    votes, camp = village(120, 20)
    divided = [column for column in range(20) if column % 2 == 0]
    hidden = Votes.of(
        votes.people,
        votes.statements,
        zip(votes.rows, votes.columns, votes.values.astype(int), strict=True),
        hidden=divided[:4],
    )
    drawn = chart(hidden)
    names = {str(one) for one in divided[:4]}
    assert same_split(drawn.group_of(), camp) > 0.9
    assert not names & {statement for statement, _ in [*drawn.consensus, *drawn.divisive]}
    assert not names & {one.statement for group in drawn.groups for one in group.stands_for}
    assert not names & set(drawn.priorities)


@pytest.mark.parametrize(
    ("people", "statements", "triples", "groups"),
    [
        ([], [], [], 0),
        ([], ["a"], [], 0),
        (["1"], [], [], 0),
        (["1"], ["a"], [(0, 0, 1)], 1),
        (["1", "2"], ["a"], [(0, 0, 1), (1, 0, -1)], 2),
        (["1", "2", "3"], ["a"], [(n, 0, 1) for n in range(3)], 1),
        (
            [str(n) for n in range(40)],
            ["a", "b"],
            [(n, s, 1) for n in range(40) for s in (0, 1)],
            1,
        ),
        ([str(n) for n in range(40)], ["a"], [(n, 0, 0) for n in range(40)], 1),
    ],
    ids=["nobody", "no votes", "no statements", "one", "two", "three alike", "all alike", "unsure"],
)
def test_small_and_flat_conversations_have_as_many_groups_as_there_are_views(
    people, statements, triples, groups
):
    drawn = chart(Votes.of(people, statements, triples))
    assert len(drawn.groups) == groups
    assert sum(group.size for group in drawn.groups) == len(drawn.people)


def test_people_who_all_differ_still_get_a_map():
    chance = np.random.default_rng(3)
    table = chance.integers(-1, 2, size=(60, 30))
    votes = Votes.of(
        [str(n) for n in range(60)],
        [str(n) for n in range(30)],
        [(n, s, int(table[n, s])) for n in range(60) for s in range(30)],
    )
    drawn = chart(votes)
    assert 2 <= len(drawn.groups) <= 5
    assert np.isfinite(drawn.spots).all()


def test_a_vote_is_agree_disagree_or_unsure():
    with pytest.raises(ValueError, match="not 7"):
        Votes.of(["1"], ["a"], [(0, 0, 7)])


def test_the_later_vote_on_a_statement_counts():
    votes = Votes.of(["1"], ["a"], [(0, 0, 1), (0, 0, -1)])
    assert votes.values.tolist() == [-1.0]


def test_seven_votes_count_and_the_most_active_fill_up_to_fifteen():
    statements = [str(n) for n in range(10)]
    triples = [(n, s, 1) for n in range(20) for s in range(8 if n < 3 else n % 6 + 1)]
    drawn = chart(Votes.of([str(n) for n in range(21)], statements, triples))
    assert {"0", "1", "2"} <= set(drawn.people)
    assert len(drawn.people) == 15
    assert "20" not in drawn.people
    later = chart(
        Votes.of([str(n) for n in range(21)], statements, triples),
        earlier=Earlier(counted=frozenset({"6"})),
        settings=Settings(people_at_least=0),
    )
    assert set(later.people) == {"0", "1", "2", "6"}


def test_the_tests_of_proportion_are_the_published_ones():
    """Worked by hand: 2√(n+1)·((x+1)/(n+1) − ½), and the pooled two-sample z, one vote added."""
    eight, ten = np.array([8]), np.array([10])
    assert one_proportion(eight, ten)[0] == pytest.approx(2 * 11**0.5 * (9 / 11 - 0.5))
    pooled = 12 / 22
    expected = (9 / 11 - 3 / 11) / (pooled * (1 - pooled) * (2 / 11)) ** 0.5
    assert two_proportions(eight, ten, np.array([2]), ten)[0] == pytest.approx(expected)
    assert two_proportions(ten, ten, ten, ten)[0] == 0


def test_a_new_statement_is_shown_before_a_well_known_one():
    worth = show_next(np.array([1, 40]), np.array([0, 20]), np.array([1, 80]), np.array([1.0, 1.0]))
    assert worth[0] > worth[1]


def test_a_silhouette_is_high_for_two_heaps_and_nothing_for_one():
    heaps = np.array([[0.0, 0], [0, 0.1], [9, 0], [9, 0.1]])
    assert silhouette(heaps, np.array([0, 0, 1, 1])) > 0.97
    assert silhouette(heaps, np.array([0, 0, 0, 0])) == 0
    assert silhouette(heaps[:3], np.array([0, 0, 1])) == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.slow
def test_a_hundred_thousand_people_fit():
    votes, camp = village(100_000, 100, filled=0.1)
    drawn = chart(votes)
    assert same_split(drawn.group_of(), camp) > 0.8


def test_a_process_that_serves_pages_does_not_load_numbers_in_bulk():
    asked = "import sys; from app.factory import create_app; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@pytest.mark.parametrize("camps", [2, 3])
def test_known_camps_are_found_as_the_published_method_starts(camps):
    votes, camp = village(240, 24, camps=camps, filled=0.7)
    drawn = chart(votes, settings=PUBLISHED)
    assert len(drawn.groups) == camps
    assert same_split(drawn.group_of(), camp) > 0.95


def test_without_a_seed_groups_start_at_whoever_came_first():
    heaps = np.array([[10.0, 0], [0, 0], [26, 0]])
    base = base_clusters(heaps, seed=None)
    assert base.centres.tolist() == heaps.tolist()
    assert split_into(2, base, seed=None).labels.tolist() == [0, 1, 0]
    assert split_into(2, base, seed=1).labels.tolist() in ([0, 0, 1], [1, 1, 0])


def test_more_people_than_base_clusters_start_at_whoever_came_first():
    spots = np.column_stack([np.repeat([0.0, 9.0], [50, 150]), np.arange(200) / 1000])
    base = base_clusters(spots, seed=None, most=51)
    assert base.labels.tolist() == [*range(50), *[50] * 150]


def test_an_unseen_statement_can_count_as_a_zero():
    votes, _ = village(60, 12, filled=0.5)
    drawn = chart(votes, settings=Settings(unseen_is_zero=True))
    table = np.zeros((60, len(votes.statements)))
    table[votes.rows, votes.columns] = votes.values
    strongest = np.linalg.svd(table - table.mean(axis=0))[2][:2]
    for mine, theirs in zip(drawn.plane.directions, strongest, strict=True):
        assert abs(mine @ theirs) == pytest.approx(1, abs=1e-6)
    assert drawn.plane.centre == pytest.approx(table.mean(axis=0))


def _spots(*places):
    return base_clusters(np.array([[float(place), 0] for place in places]), seed=None)


def test_the_published_start_gives_way_to_a_better_split():
    base = _spots(10, 0, 26, 10.1, -0.1, 26.1)
    started, tightest = split_into(2, base, seed=None), split_into(2, base, seed=1)
    assert started.labels.tolist() == [0, 1, 0, 0, 1, 0]
    assert better(started, tightest, base) is tightest
    assert better(tightest, started, base) is tightest


def test_no_split_is_better_that_leaves_one_person_alone():
    base = _spots(10, 0, 90, 9, 1)
    started = split_into(2, _spots(10, 0, 11, 9, 1), seed=None)
    alone = split_into(2, base, seed=1)
    assert sorted(np.bincount(alone.labels).tolist()) == [1, 4]
    assert better(started, alone, base) is started
