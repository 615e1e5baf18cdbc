"""Whoever acts is judged by what they are inside the write, not when their request came."""

from flask import session
from sqlalchemy import select

from app.residents import actions
from app.residents.models import Role, RoleGrant
from app.residents.sessions import visitor, who
from app.web.database import write


def test_a_role_that_ended_while_a_request_waited_does_not_act(app, world):
    chair = world.staff(Role.CHAIR)
    world.pass_time(minutes=1)
    with app.test_request_context("/"):
        session["_user_id"] = world.token(chair)
        assert visitor().standing.holds_any({Role.CHAIR})
        with world.write() as s:
            grant = s.scalars(select(RoleGrant).where(RoleGrant.person_id == chair)).one()
            actions.end_role(s, grant, by=None, at=world.at)
        with write() as s:
            assert not who(s).holds_any({Role.CHAIR})
