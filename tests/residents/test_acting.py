"""By which standing a request acts: the one it came with, unless it has waited since."""

from flask import session
from sqlalchemy import select

from app.residents import actions
from app.residents.models import Role, RoleGrant
from app.residents.sessions import STANDING_HOLDS, visitor, who
from app.web.database import write


def end_roles(world, person_id):
    with world.write() as s:
        mine = s.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id)).all()
        for grant in mine:
            actions.end_role(s, grant, by=None, at=world.at)


def test_a_request_acts_by_the_standing_it_came_with(app, world):
    chair = world.staff(Role.CHAIR)
    world.pass_time(minutes=1)
    with app.test_request_context("/"):
        session["_user_id"] = world.token(chair)
        assert visitor().person_id == chair
        end_roles(world, chair)
        with write() as s:
            assert who(s).holds_any({Role.CHAIR})


def test_a_request_that_waited_acts_by_what_holds_by_now(app, world, clock):
    chair = world.staff(Role.CHAIR)
    world.pass_time(minutes=1)
    with app.test_request_context("/"):
        session["_user_id"] = world.token(chair)
        assert visitor().person_id == chair
        end_roles(world, chair)
        clock.at += STANDING_HOLDS
        with write() as s:
            assert not who(s).holds_any({Role.CHAIR})


def test_whoever_has_not_signed_in_stands_for_nobody_however_long_it_takes(app, world, clock):
    with app.test_request_context("/"), write() as s:
        assert who(s).person_id is None
        clock.at += 2 * STANDING_HOLDS
        assert who(s).person_id is None
