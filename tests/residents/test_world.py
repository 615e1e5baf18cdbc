"""The small world that other tests stand on."""

from app.residents.models import Role


def test_a_verified_resident_belongs_to_their_dong_and_district(world):
    person_id = world.resident("doksan1")
    with world.read() as session:
        standing = world.standing(session, person_id)
        assert standing.belongs_to(world.place(session, "doksan1"))
        assert standing.belongs_to(world.place(session, "geumcheon"))
        assert not standing.belongs_to(world.place(session, "gasan"))


def test_a_grant_at_the_district_holds_in_its_dongs(world):
    officer = world.staff(Role.OFFICER)
    with world.read() as session:
        assert world.standing(session, officer).holds(Role.OFFICER, world.place(session, "gasan"))
