"""Places are looked up in one way, and each district keeps to itself."""

from __future__ import annotations

from datetime import date

import pytest

from app.places.actions import load_district
from app.places.queries import department_named, departments, district_and_dongs, population
from tests.support.statements import statements

ELSEWHERE = """
[district]
slug = "elsewhere"
name = "다른구"
code = "EW"

[[dong]]
slug = "elsewhere1"
name = "다른1동"
code = "EW1"

[[department]]
slug = "parks"
name = "다른구 공원과"
"""


@pytest.fixture
def neighbours(world, tmp_path):
    """The district of the world, and another whose department has the same short name."""
    file = tmp_path / "elsewhere.toml"
    file.write_text(ELSEWHERE, encoding="utf-8")
    with world.write() as session:
        load_district(session, file)
    return world


def test_a_district_comes_first_and_its_own_dongs_follow_in_order(neighbours):
    with neighbours.read() as session:
        slugs = [place.slug for place in district_and_dongs(session, "geumcheon")]
        assert slugs == ["geumcheon", "doksan1", "doksan2", "gasan"]
        assert [place.slug for place in district_and_dongs(session, "elsewhere")] == [
            "elsewhere",
            "elsewhere1",
        ]
        assert list(district_and_dongs(session, "doksan1")) == []
        assert list(district_and_dongs(session, "nowhere")) == []


@pytest.mark.parametrize(
    ("place", "found"), [("doksan1", "공원녹지과"), ("elsewhere1", "다른구 공원과")]
)
def test_a_department_is_that_of_the_district_around_a_place(neighbours, place, found):
    with neighbours.read() as session:
        here = neighbours.place(session, place)
        assert department_named(session, here, "parks").name == found
        assert found in [one.name for one in departments(session, here)]
        assert department_named(session, here, "") is None
        assert department_named(session, here, "stars") is None


@pytest.mark.parametrize(
    ("slug", "on", "residents"),
    [
        ("doksan1", date(2019, 12, 31), 0),
        ("doksan1", date(2020, 1, 1), 25001),
        ("doksan1", date(2021, 3, 2), 24999),
        ("geumcheon", date(2020, 12, 31), 63001),
        ("geumcheon", date(2021, 1, 1), 62999),
        ("elsewhere", date(2021, 1, 1), 0),
    ],
)
def test_the_newest_count_of_each_dong_makes_the_population_in_one_statement(
    neighbours, slug, on, residents
):
    with neighbours.read() as session:
        place = neighbours.place(session, slug)
        with statements(neighbours.app) as sent:
            assert population(session, place, on) == residents
        assert len(sent) == 1
