"""Words and filters together find what either finds, however old it is."""

from __future__ import annotations

from app.proposals import queries
from app.proposals.queries import Filters, Order
from app.proposals.rules import Phase
from tests.proposals import steps


def test_a_filter_beside_words_finds_what_is_old_too(world, monkeypatch):
    monkeypatch.setattr("app.proposals.queries.finding.FOUND_MOST", 1)
    waiting = steps.published(world, title="텃밭을 먼저 살펴 주세요")
    loved = steps.endorsing(world, title="오래된 텃밭")
    steps.endorse(world, loved, world.resident())
    newer = [steps.endorsing(world, title=f"마을 텃밭 {n}번째") for n in range(3)]
    with world.read() as session:
        checked = queries.board(session, Filters(words="텃밭", phase=Phase.PRECHECK), at=world.at)
        most = queries.board(session, Filters(words="텃밭", order=Order.ENDORSED), at=world.at)
        first = queries.board(session, Filters(words="텃밭"), at=world.at, size=1)
    assert [line.id for line in checked.items] == [waiting]
    assert most.items[0].id == loved
    assert [line.id for line in first.items] == [newer[-1]]
