"""The summary in people's own words is what its definition says, however it is computed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.forum.rules import gist

WORDS = (
    "골목에",
    "가로등을",
    "더",
    "놓아",
    "주세요",
    "밤길이",
    "어둡습니다",
    "의자도",
    "있으면",
    "좋겠습니다",
)
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
opinion = st.tuples(st.lists(sentence, min_size=1, max_size=4).map(". ".join), st.integers(0, 9))


def by_definition(opinions, most):
    """Choose, again and again, the sentence that adds most of all that are left."""
    left = [one for opinion in opinions for one in gist._sentences(*opinion)]
    counts = Counter(run for one in left for run in one.runs)
    weight = {run: count - 1.0 for run, count in counts.items()}
    chosen, told = [], set()
    while left and len(chosen) < most:
        best = max(left, key=lambda one: (gist._gain(one, weight, told), -one.said.opinion_id))
        if gist._gain(best, weight, told) <= 0:
            break
        chosen.append(best.said)
        told |= best.runs
        left = [one for one in left if one.said.opinion_id != best.said.opinion_id]
    return tuple(chosen)


@given(st.lists(opinion, max_size=12), st.integers(1, 7))
def test_what_is_chosen_is_what_the_definition_chooses(given_opinions, most):
    opinions = tuple(
        (number, "for", text, endorsed)
        for number, (text, endorsed) in enumerate(given_opinions, start=1)
    )
    assert gist.gist_of(opinions, most=most) == by_definition(opinions, most)
