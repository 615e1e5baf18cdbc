"""A map is drawn outside the write: whoever weighs meanwhile waits for nothing."""

from __future__ import annotations

import threading

from sqlalchemy import event

from app.forum.models import AgreementMap, ClaimState
from app.web.database import db
from app.web.jobs import run_due
from tests.forum.claims import SENTENCES


def test_the_running_job_leaves_others_free_to_weigh_while_it_reads_and_draws(app, world, talk):
    talk.two_camps(6)
    newcomers = world.residents(5)
    world.pass_time(minutes=1)
    drawn_at = world.at
    weighed = []

    def weigh() -> None:
        for person in newcomers:
            talk.weigh(talk.claims[0], 1, by=person)
            weighed.append(person)

    def meanwhile(_connection, _cursor, statement, *_rest) -> None:
        if not began and "ORDER BY weighing.person_id" in statement:
            world.pass_time(minutes=1)
            began.append(threading.Thread(target=weigh))
            began[0].start()
            began[0].join(60)

    began: list[threading.Thread] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", meanwhile)
    try:
        assert run_due(app) == []
    finally:
        event.remove(engine, "after_cursor_execute", meanwhile)
    assert weighed == newcomers
    with world.read() as session:
        kept = session.get_one(AgreementMap, talk.forum.topic_id)
        assert (kept.people, kept.weighings, kept.drawn_at) == (6, 48, drawn_at)


def test_a_decision_is_drawn_at_once_only_where_nobody_has_weighed_since(app, world, talk, browser):
    def drawn() -> tuple[int, str]:
        assert run_due(app) == []
        with world.read() as session:
            kept = session.get_one(AgreementMap, talk.forum.topic_id)
            return kept.people, f"{kept.picture}"

    def turned_down(claim: int) -> str:
        world.pass_time(minutes=1)
        talk.decide(claim, ClaimState.REFUSED)
        return browser.open(f"{talk.forum.url}/map").text

    talk.two_camps(12)
    _, before = drawn()
    page = turned_down(talk.claims[0])
    assert SENTENCES[0] not in page
    assert "진행자가 내린 문장" in page
    people, after = drawn()
    assert (people, after == before) == (12, False)

    world.pass_time(minutes=1)
    newcomers = world.residents(5)
    talk.weigh(talk.claims[1], 1, by=newcomers[0])
    assert SENTENCES[2] not in turned_down(talk.claims[2])
    assert drawn() == (12, after)
    for person in newcomers[1:]:
        talk.weigh(talk.claims[1], 1, by=person)
    people, last = drawn()
    assert (people, last == after) == (17, False)
