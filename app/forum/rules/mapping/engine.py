"""The whole walk: votes in, the map of agreement out; deterministic for a seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from app.forum.rules.mapping import statistics
from app.forum.rules.mapping.clusters import (
    Choice,
    Clustering,
    base_clusters,
    better,
    most_groups,
    silhouette,
    split_into,
)
from app.forum.rules.mapping.projection import DIMENSIONS, Plane, find_plane, place_people
from app.forum.rules.mapping.statistics import Standing, Tally
from app.forum.rules.whereabouts import VOTES_TO_COUNT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from app.forum.rules.mapping.votes import Votes


@dataclass(frozen=True)
class Settings:
    """The rule's figures; the defaults are the published ones, but for `margin`.

    `margin` is by how much a number of groups must beat the standing one (two at first), and
    `patience` how many runs in a row, before the map shows it. `from_the_first` starts the
    clusters at the people who came first, as the published method does, and chooses the number
    of groups by that; `unseen_is_zero` draws the plane as that method did late in 2017.
    """

    votes_to_count: int = VOTES_TO_COUNT
    people_at_least: int = 15
    most_groups: int = 5
    margin: float = 0.05
    patience: int = 4
    seed: int = 20210601
    from_the_first: bool = False
    unseen_is_zero: bool = False


PUBLISHED = Settings(margin=0.02, from_the_first=True)


@dataclass(frozen=True)
class Earlier:
    """What an earlier map hands to the next: who counted, the plane, the groups, the streak."""

    counted: frozenset[str] = frozenset()
    directions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    centres: tuple[tuple[float, float], ...] = ()
    group_count: int = 0
    contender: int = 0
    streak: int = 0


@dataclass(frozen=True)
class Group:
    """One group: how many people, where its middle is, what it stands for."""

    size: int
    centre: tuple[float, float]
    stands_for: tuple[Standing, ...]


@dataclass(frozen=True)
class OpinionMap:
    """The map of a topic: who stands where, the groups, what they share, what divides them.

    `people`, `spots` and `labels` run in step and hold only who counts. `tally` has one row a
    group, its columns in the order of `statements`. `consensus` goes with the share that agrees
    among all who weighed, `divisive` with the distance of the furthest two groups (0 to 2).
    """

    people: tuple[str, ...]
    spots: NDArray[np.float64]
    labels: NDArray[np.int64]
    groups: tuple[Group, ...]
    statements: tuple[str, ...]
    tally: Tally
    consensus: tuple[tuple[str, float], ...]
    divisive: tuple[tuple[str, float], ...]
    priorities: Mapping[str, float]
    silhouettes: Mapping[int, float]
    plane: Plane
    earlier: Earlier

    def group_of(self) -> dict[str, int]:
        """Return the group of everybody who counts."""
        return dict(zip(self.people, map(int, self.labels), strict=True))


def chart(
    votes: Votes,
    *,
    settings: Settings | None = None,
    earlier: Earlier | None = None,
    counted: frozenset[str] | None = None,
) -> OpinionMap:
    """Draw the map of agreement.

    `earlier` makes the answer continue an earlier one; `counted` says outright who counts,
    where an older record knows it better than the votes do.
    """
    rules, before = settings or Settings(), earlier or Earlier()
    shown = votes.without_hidden()
    start = _start(votes.statements, before)
    plane = find_plane(shown, start=start, unseen_is_zero=rules.unseen_is_zero)
    inside = (
        who_counts(votes, rules, before.counted)
        if counted is None
        else np.array([person in counted for person in votes.people], dtype=bool)
    )
    spots = place_people(shown, plane)
    choice, streak = _groups(spots[inside], rules, before)
    labels = np.full(len(votes.people), -1, dtype=np.int64)
    labels[inside] = choice.split.labels
    count = len(choice.split.centres)
    tally = Tally.of(votes, labels, count)
    everyone = Tally.of(votes, np.zeros(len(votes.people), dtype=np.int64), 1)
    names = votes.statements
    share = tally.agreed.sum(axis=0) / np.maximum(tally.seen.sum(axis=0), 1)
    people = tuple(name for name, is_in in zip(votes.people, inside, strict=True) if is_in)
    return OpinionMap(
        people=people,
        spots=spots[inside],
        labels=choice.split.labels,
        groups=tuple(
            Group(
                size=int((choice.split.labels == one).sum()),
                centre=_pair(choice.split.centres[one]),
                stands_for=statistics.representative(tally, one, names, votes.hidden),
            )
            for one in range(count)
        ),
        statements=names,
        tally=tally,
        consensus=tuple(
            (names[one], float(share[one]))
            for one in (statistics.common_ground(tally, votes.hidden) if count else [])
        ),
        divisive=tuple(
            (names[one], gap)
            for one, gap in (statistics.dividing(tally, votes.hidden) if count > 1 else [])
        ),
        priorities=_priorities(votes, everyone, plane),
        silhouettes=choice.silhouettes,
        plane=plane,
        earlier=Earlier(
            counted=frozenset(people),
            directions={
                name: _pair(plane.directions[:, place]) for place, name in enumerate(names)
            },
            centres=tuple(_pair(one) for one in choice.split.centres),
            group_count=count,
            contender=streak[0],
            streak=streak[1],
        ),
    )


def who_counts(votes: Votes, rules: Settings, already: frozenset[str]) -> NDArray[np.bool_]:
    """Say who counts: seven votes (or all there are), whoever counted before, 15 at least.

    Where fewer than 15 have voted enough, those who voted most join them; who never voted
    counts nowhere.
    """
    seen = votes.seen_by
    asked = np.bincount(votes.columns, minlength=len(votes.statements))
    wanted = min(rules.votes_to_count, int((asked > 0).sum()))
    inside: NDArray[np.bool_] = (seen >= max(wanted, 1)) | np.array(
        [person in already for person in votes.people], dtype=bool
    )
    missing = rules.people_at_least - int(inside.sum())
    if missing > 0:
        others = np.flatnonzero(~inside & (seen > 0))
        inside[others[np.argsort(-seen[others], kind="stable")][:missing]] = True
    return inside


def _groups(
    spots: NDArray[np.float64], rules: Settings, before: Earlier
) -> tuple[Choice, tuple[int, int]]:
    """Split people into the number of groups that holds, and say which number leads since when."""
    if not len(spots):
        nothing = Clustering(np.zeros(0, dtype=np.int64), np.zeros((0, DIMENSIONS)), 0.0)
        return Choice(nothing, {}), (0, 0)
    base = base_clusters(spots, seed=None if rules.from_the_first else rules.seed)
    counts = range(2, most_groups(len(base.centres), rules.most_groups) + 1)
    known = np.array(before.centres) if before.centres else None
    splits = {
        count: split_into(
            count,
            base,
            seed=None if rules.from_the_first else rules.seed,
            earlier=known if count == before.group_count else None,
        )
        for count in counts
    }
    scores = {count: silhouette(base.centres, split.labels) for count, split in splits.items()}
    if not scores:
        return Choice(_to_people(_one_group(base), base), {}), (1, 1)
    leader, streak = _leader(scores, rules, before)
    standing = before.group_count if before.group_count in scores else 0
    chosen = leader if streak >= rules.patience or not standing else standing
    split = splits[chosen]
    if rules.from_the_first:
        split = better(split, split_into(chosen, base, seed=rules.seed), base)
    if known is None or chosen != before.group_count:
        split = _largest_first(split, base)
    return Choice(_to_people(split, base), scores), (leader, streak)


def _leader(scores: Mapping[int, float], rules: Settings, before: Earlier) -> tuple[int, int]:
    """Return which number of groups leads, and for how many runs in a row it has."""
    standing = before.group_count if before.group_count in scores else min(scores)
    best = max(scores, key=lambda count: (scores[count], -count))
    leader = best if scores[best] > scores[standing] + rules.margin else standing
    return leader, before.streak + 1 if leader == before.contender else 1


def _one_group(base: Clustering) -> Clustering:
    return Clustering(
        np.zeros(len(base.centres), dtype=np.int64), base.centres.mean(axis=0)[None, :], 0.0
    )


def _largest_first(split: Clustering, base: Clustering) -> Clustering:
    """Number the groups by size, so that the first is the largest."""
    sizes = np.bincount(split.labels[base.labels], minlength=len(split.centres))
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Clustering(place[split.labels], split.centres[order], split.looseness)


def _to_people(split: Clustering, base: Clustering) -> Clustering:
    return Clustering(split.labels[base.labels], split.centres, split.looseness)


def _start(names: Sequence[str], before: Earlier) -> NDArray[np.float64] | None:
    if not before.directions:
        return None
    return np.array([before.directions.get(name, (0.0, 0.0)) for name in names]).T


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _priorities(votes: Votes, everyone: Tally, plane: Plane) -> dict[str, float]:
    """Return how much it is worth to show each statement next; hidden ones are left out."""
    reach = np.sqrt(len(votes.statements)) * (1 + np.abs(plane.centre))
    extremity = np.linalg.norm(plane.directions, axis=0) * reach
    worth = statistics.show_next(
        everyone.agreed[0], everyone.disagreed[0], everyone.seen[0], extremity
    )
    return {
        name: float(worth[place])
        for place, name in enumerate(votes.statements)
        if not votes.hidden[place]
    }
