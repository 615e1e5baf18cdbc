"""One write at a time, in the order of asking; whole or not at all; keys decide."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound, StatementError

from app.core.database import Turnstile, held, insert_once, write_transaction
from app.core.orm import Base, UtcDateTime
from app.places.models import Place, PlaceKind, Population
from app.residents.models import Person
from app.web.database import db

AT = datetime(2021, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


def person(name="홍길동", at=AT):
    return Person(name=name, masked_name="홍*동", created_at=at)


def people(session):
    return session.scalar(select(func.count()).select_from(Person))


def test_the_turnstile_lets_in_one_at_a_time_in_the_order_of_arrival():
    turnstile, order, inside = Turnstile(), [], []
    threads = []

    def pass_through(number):
        with turnstile:
            inside.append(number)
            assert len(inside) == 1
            order.append(number)
            inside.remove(number)

    with turnstile:
        for number in range(8):
            thread = threading.Thread(target=pass_through, args=(number,))
            thread.start()
            threads.append(thread)
            while len(turnstile._waiting) <= number:
                pass
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    assert not turnstile._taken


def test_the_turnstile_opens_again_after_a_failure():
    turnstile = Turnstile()

    def fail():
        with turnstile:
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with turnstile:
        assert turnstile._taken


def fail_after_adding():
    with write_transaction(db.session) as session:
        session.add(person())
        session.flush()
        raise LookupError


def add(row):
    with write_transaction(db.session) as session:
        session.add(row)


def test_a_write_is_kept_whole_or_not_at_all(app):
    with app.app_context():
        with write_transaction(db.session) as session:
            session.add(person())
        with pytest.raises(LookupError):
            fail_after_adding()
        assert people(db.session) == 1
        assert not db.session.info["writing"]


def test_writes_do_not_nest(app):
    with (
        app.app_context(),
        write_transaction(db.session),
        pytest.raises(RuntimeError, match="already begun"),
        write_transaction(db.session),
    ):
        pass


def test_what_was_read_before_is_read_again_under_the_lock(app):
    with app.app_context():
        with write_transaction(db.session) as session:
            session.add(person())
        mine = db.session.scalars(select(Person)).one()

        def rename():
            with app.app_context(), write_transaction(db.session) as other:
                other.scalars(select(Person)).one().masked_name = "김*봄"

        thread = threading.Thread(target=rename)
        thread.start()
        thread.join()
        assert mine.masked_name == "홍*동"
        with write_transaction(db.session):
            assert mine.masked_name == "김*봄"


@pytest.mark.race
def test_no_addition_is_lost_among_eight_writers(app):
    with app.app_context(), write_transaction(db.session) as session:
        place = Place(slug="gu", name="구", code="G", kind=PlaceKind.DISTRICT)
        session.add(place)
        session.flush()
        session.add(Population(place_id=place.id, as_of=date(2021, 1, 1), residents=0, source="x"))
    barrier = threading.Barrier(8)

    def add():
        with app.app_context():
            barrier.wait()
            for _ in range(5):
                with write_transaction(db.session) as session:
                    row = session.scalars(select(Population).with_for_update()).one()
                    row.residents += 1

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalars(select(Population.residents)).one() == 40


def test_a_held_row_is_read_anew_whatever_was_known_of_it(app):
    with app.app_context():
        with write_transaction(db.session) as session:
            session.add(person())
        with write_transaction(db.session) as session:
            known = session.scalars(select(Person)).one()
            session.connection().execute(update(Person.__table__).values(masked_name="김*봄"))
            assert known.masked_name == "홍*동"
            assert held(session, Person, known.id) is known
            assert known.masked_name == "김*봄"
            with pytest.raises(NoResultFound):
                held(session, Person, known.id + 1)


@pytest.mark.race
def test_a_row_is_held_until_the_write_ends(app):
    with app.app_context(), write_transaction(db.session) as session:
        place = Place(slug="gu", name="구", code="G", kind=PlaceKind.DISTRICT)
        session.add(place)
    barrier = threading.Barrier(4)

    def count():
        with app.app_context():
            barrier.wait()
            for _ in range(5):
                with write_transaction(db.session) as session:
                    row = held(session, Place, place.id)
                    row.position = row.position + 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalars(select(Place.position)).one() == 20


@pytest.mark.race
def test_of_many_inserts_of_one_key_one_is_told_it_was_first(app):
    barrier, told = threading.Barrier(6), []

    def insert():
        with app.app_context():
            barrier.wait()
            with write_transaction(db.session) as session:
                told.append(
                    insert_once(
                        session,
                        Place.__table__,
                        slug="gu",
                        name="구",
                        code="G",
                        kind=PlaceKind.DISTRICT,
                    )
                )

    threads = [threading.Thread(target=insert) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 5 + [True]


def test_moments_come_back_as_they_were_in_utc(app):
    seoul = AT.astimezone(tz=datetime.fromisoformat("2021-03-02T10:00:00+09:00").tzinfo)
    with app.app_context():
        with write_transaction(db.session) as session:
            session.add(person(at=seoul))
        kept = db.session.scalars(select(Person.created_at)).one()
        assert kept == AT
        assert kept.utcoffset().total_seconds() == 0


def test_a_naive_moment_is_refused_instead_of_guessed_at(app):
    naive = person(at=AT.replace(tzinfo=None))
    with app.app_context(), pytest.raises(StatementError, match="naive datetime"):
        add(naive)


def test_no_moment_is_none():
    column = UtcDateTime()
    assert column.process_bind_param(None, None) is None
    assert column.process_result_value(None, None) is None


def test_a_row_in_a_log_shows_no_personal_data():
    assert repr(Person(id=3, name="홍길동")) == "<Person 3>"
    assert repr(person()) == "<Person None>"


def test_every_constraint_has_a_name_by_the_convention():
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_foreign_keys_hold_on_every_database(app):
    orphan = Population(place_id=999, as_of=date(2021, 1, 1), residents=1, source="x")
    with app.app_context(), pytest.raises(IntegrityError):
        add(orphan)
