"""Whom people are entrusted to, and who looks at their records."""

import pytest
from sqlalchemy import select

from app.residents import actions, facts
from app.residents.models import (
    LookPurpose,
    Person,
    Role,
    RoleGrant,
)
from app.residents.policy import PersonRefusal
from tests.residents.conftest import refused


def test_a_role_is_granted_once_ended_once_and_may_be_granted_again(world, heard):
    person_id = world.person()

    def grants(s):
        return s.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id)).all()

    world.grant(person_id, Role.CHAIR, "doksan1")
    world.grant(person_id, Role.CHAIR, "doksan1")
    for _ in range(2):
        with world.write() as s:
            actions.end_role(s, grants(s)[0], by=None, at=world.at)
    world.pass_time(minutes=1)
    with world.read() as s:
        assert not world.standing(s, person_id).holds(Role.CHAIR, world.place(s))
    world.grant(person_id, Role.CHAIR, "doksan1")
    with world.read() as s:
        assert len(grants(s)) == 2
        assert world.standing(s, person_id).holds(Role.CHAIR, world.place(s))
    kinds = [type(fact) for fact in heard]
    assert kinds == [facts.RoleGranted, facts.RoleEnded, facts.RoleGranted]


def test_the_record_of_a_role_says_for_which_department(world, heard):
    person_id = world.staff(Role.DEPARTMENT, department="parks")
    world.grant(person_id, Role.CHAIR)
    with world.write() as s:
        for grant in s.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id)).all():
            actions.end_role(s, grant, by=None, at=world.at)
    with world.read() as s:
        parks = world.department(s, "parks").id
    assert [(type(fact), fact.role, fact.department_id) for fact in heard] == [
        (facts.RoleGranted, Role.DEPARTMENT, parks),
        (facts.RoleGranted, Role.CHAIR, None),
        (facts.RoleEnded, Role.DEPARTMENT, parks),
        (facts.RoleEnded, Role.CHAIR, None),
    ]


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.COUNCIL_MEMBER])
def test_a_role_that_may_do_nothing_is_given_to_nobody_and_can_still_be_taken_back(
    world, browser, role
):
    person_id, operator = world.account().person_id, world.staff(Role.OPERATOR)
    with refused(PersonRefusal.ROLE_UNUSED):
        world.grant(person_id, role)
    browser.sign_in(world, operator).open("/desk/roles")
    browser.submit(f"/desk/roles/{person_id}", role=role.value, place="geumcheon")
    assert browser.status == 422
    assert f'value="{role.value}"' not in browser.text
    with world.write() as s:
        given = RoleGrant(
            person_id=person_id, role=role, place_id=world.place(s).id, since=world.at
        )
        s.add(given)
        s.flush()
        actions.end_role(s, given, by=world.standing(s, operator), at=world.at)
        s.refresh(given)
        assert given.until is not None


def test_one_person_may_answer_for_two_departments_but_for_none_without_name(world):
    person_id = world.staff(Role.DEPARTMENT, department="parks")
    world.grant(person_id, Role.DEPARTMENT, department="welfare")
    with refused(PersonRefusal.DEPARTMENT_NEEDED):
        world.grant(person_id, Role.DEPARTMENT)
    with world.read() as s:
        standing = world.standing(s, person_id)
        assert standing.speaks_for(world.department(s, "parks").id)
        assert standing.speaks_for(world.department(s, "welfare").id)
        assert not standing.speaks_for(world.department(s, "selfgov").id)


def test_a_dongs_operator_cannot_speak_for_a_department_of_the_district(world):
    person_id, dong_operator = world.person(), world.staff(Role.OPERATOR, "doksan1")
    district_operator = world.staff(Role.OPERATOR)

    def entrust(by):
        with world.write() as s:
            actions.grant_role(
                s,
                s.get_one(Person, person_id),
                Role.DEPARTMENT,
                world.place(s, "doksan1"),
                department=world.department(s),
                by=world.standing(s, by),
                at=world.at,
            )

    with refused(PersonRefusal.NOT_OPERATOR):
        entrust(dong_operator)
    entrust(district_operator)
    with world.read() as s:
        assert world.standing(s, person_id).speaks_for(world.department(s).id)


def test_an_operator_of_a_dong_entrusts_nobody_of_another_and_ends_what_such_a_one_holds(world):
    here, far = world.staff(Role.OPERATOR, "doksan1"), world.resident("gasan")

    def entrust(person_id):
        with world.write() as s:
            person, by = s.get_one(Person, person_id), world.standing(s, here)
            return actions.grant_role(s, person, Role.CHAIR, world.place(s), by=by, at=world.at)

    with refused(PersonRefusal.OTHER_DONG):
        entrust(far)
    nobody_yet = world.person()
    grant_id = entrust(nobody_yet).id
    world.verify(nobody_yet, "gasan")
    with world.write() as s:
        grant = s.get_one(RoleGrant, grant_id)
        actions.end_role(s, grant, by=world.standing(s, here), at=world.at)
        s.refresh(grant)
        assert grant.until is not None


def test_opening_a_record_is_itself_recorded(world, heard):
    resident, clerk = world.resident(), world.staff(Role.CLERK, "gasan")
    heard.clear()
    with refused(PersonRefusal.OTHER_DONG), world.write() as s:
        person = s.get_one(Person, resident)
        actions.show_personal_record(
            s, person, purpose=LookPurpose.ROLL, by=world.standing(s, clerk), at=world.at
        )
    assert heard == []
    with world.write() as s:
        by = world.standing(s, world.registrar())
        person = s.get_one(Person, resident)
        actions.show_personal_record(s, person, purpose=LookPurpose.OWN_REQUEST, by=by, at=world.at)
    assert [(type(fact), fact.details()) for fact in heard] == [
        (facts.PersonalRecordShown, {"person_id": resident, "purpose": "own_request"})
    ]
