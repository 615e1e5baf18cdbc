"""A district's file is loaded whole, or refused with the entry that is wrong."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.places.actions import BadPlaceFile, load_district
from app.places.models import Department, Place, Population
from app.places.queries import departments, dongs, named_places, place_by_slug, population

OURS = Path(__file__).resolve().parents[2] / "app" / "places" / "districts"

WHOLE = {
    "district": {"slug": "jung-gu", "name": "중구", "code": "JG"},
    "dong": [
        {
            "slug": "myeong",
            "name": "명동",
            "code": "MY",
            "population": [
                {"as_of": date(2020, 1, 1), "residents": 3000, "source": "통계"},
                {"as_of": date(2021, 1, 1), "residents": 2900},
            ],
        },
        {"slug": "pil2", "name": "필동", "code": "PL"},
    ],
    "department": [{"slug": "parks", "name": "공원과"}, {"slug": "roads", "name": "도로과"}],
}


def toml(value):
    """Write a value as TOML has it within a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return json.dumps(value)


def changed(path, value):
    """Write the whole file with another value at a path; None takes away what stands there."""
    content = json.loads(json.dumps(WHOLE, default=date.isoformat))
    for dong in content["dong"]:
        for count in dong.get("population", []):
            count["as_of"] = date.fromisoformat(count["as_of"])
    *way, last = path
    place = content
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return "\n".join(f"{key} = {toml(part)}" for key, part in content.items())


@pytest.fixture
def load(world, tmp_path):
    """Load a file of these words."""

    def loaded(words):
        file = tmp_path / "jung.toml"
        file.write_bytes(words if isinstance(words, bytes) else words.encode())
        with world.write() as session:
            return load_district(session, file).id

    return loaded


def test_what_a_file_says_stands_then_and_is_found(world, load):
    for name in ("중구", "서울 중구"):
        load(changed(("district", "name"), name))
        with world.read() as session:
            district = place_by_slug(session, "jung-gu")
            assert district.name == name
            assert [place.name for place in dongs(session, district)] == ["명동", "필동"]
            assert [one.name for one in departments(session, district)] == ["공원과", "도로과"]
            assert population(session, district, date(2020, 6, 1)) == 3000
            assert session.query(Population).filter_by(source="file").count() == 1


@pytest.mark.parametrize("file", sorted(OURS.glob("*.toml")), ids=lambda file: file.stem)
def test_our_own_files_are_loaded(world, load, file):
    words = re.sub(r'slug = "', 'slug = "our-', file.read_text(encoding="utf-8"))
    with world.read() as session:
        assert session.get_one(Place, load(words)).slug == f"our-{file.stem}"


DONG, COUNT = ("dong", 0), ("dong", 0, "population", 1)
POPULATION = ("dong", 0, "population")


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("district",), None, "[district] is missing"),
        (("district",), "jung", "[district] is missing"),
        (("district", "slug"), "Jung_Gu", "[district]: slug 'Jung_Gu' must be"),
        (("district", "slug"), "중구", "[district]: slug '중구' must be"),
        (("district", "slug"), "j" * 41, "[district]: slug 'jjj"),
        (("district", "slug"), 3, "[district]: slug must be text"),
        (("district", "slug"), "doksan1", "[district]: doksan1 already stands"),
        (("district", "code"), None, "[district]: code must be text"),
        (("district", "nmae"), "중구", "[district]: 'nmae' is none of slug, name, code"),
        (("district", "population"), 3, "[district]: 'population' is none of"),
        (("district", "name"), " ", "[district]: name must be text"),
        (("district", "name"), "중\0구", "[district]: name holds what no name can"),
        (("district", "name"), "중" * 81, "[district]: name must be text of 1 to 80"),
        (("places",), [], "'places' is none of district, dong, department"),
        (("dong",), [], "at least one [[dong]] is needed"),
        (("dong",), {"slug": "pil2"}, "at least one [[dong]] is needed"),
        (("dong", 1), 3, "dong 2: must be a table"),
        (("dong", 1, "slug"), "myeong", "dong 2: slug 'myeong' stands here twice"),
        (("dong", 1, "slug"), "gasan", "dong 2: gasan already stands"),
        (("dong", 1, "slug"), "jung-gu", "dong 2: jung-gu already stands"),
        (POPULATION, [3], "dong 1: population 1: must be a table"),
        (POPULATION, 3, "dong 1: at least one [[population]]"),
        ((*COUNT, "as_of"), None, "population 2: as_of must be a date"),
        ((*COUNT, "as_of"), "2021-01-01", "population 2: as_of must be a date"),
        ((*COUNT, "as_of"), datetime(2021, 1, 1), "population 2: as_of must be"),  # noqa: DTZ001
        ((*COUNT, "as_of"), date(2020, 1, 1), "population 2: as_of datetime.date(2020, 1, 1) st"),
        ((*COUNT, "residents"), -1, "population 2: residents must be a whole number"),
        ((*COUNT, "residents"), True, "population 2: residents must be a whole number"),
        ((*COUNT, "residents"), 2**31, "population 2: residents must be a whole number"),
        ((*COUNT, "residents"), 2.5, "population 2: residents must be a whole number"),
        ((*COUNT, "source"), 3, "population 2: source must be text"),
        ((*COUNT, "resident"), 3, "population 2: 'resident' is none of"),
        (("department",), None, "at least one [[department]] is needed"),
        (("department", 1, "slug"), "parks", "department 2: slug 'parks' stands here twice"),
        (("department", 0, "slug"), "공원", "department 1: slug '공원' must be"),
        (("department", 0, "name"), ["공원과"], "department 1: name must be text"),
    ],
)
def test_what_cannot_work_is_told_with_its_entry_and_nothing_is_loaded(
    world, load, path, value, complaint
):
    with pytest.raises(BadPlaceFile, match=f"^jung.toml: .*{re.escape(complaint)}"):
        load(changed(path, value))
    with world.read() as session:
        assert place_by_slug(session, "jung-gu") is None
        assert session.query(Department).filter_by(slug="roads").count() == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("[district\nx", "line 1, column 10"),
        (b"\xff\xfe", "utf-8"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "9" * 5000, "4300"),
    ],
    ids=["no_toml", "no_text", "deep", "large"],
)
def test_what_is_no_such_file_at_all_is_told(load, words, complaint):
    with pytest.raises(BadPlaceFile, match=rf"^jung\.toml: .*{complaint}"):
        load(words)


def test_the_command_says_what_is_wrong_in_a_line(app, world, tmp_path):
    file = tmp_path / "jung.toml"
    file.write_text(changed(("district", "slug"), "Jung_Gu"), encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["places", "load", str(file)])
    assert result.exit_code == 1
    assert result.output == (
        "Error: jung.toml: [district]: slug 'Jung_Gu' must be 1 to 40 of a-z, 0-9 and -\n"
    )


leaves = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["jung-gu", "myeong", "geumcheon", "doksan1", "-", "A", " x "]),
    st.dates(),
    st.datetimes(),
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["slug", "name", "code", "population", "as_of", "residents", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
paths = st.sampled_from(
    [(key,) for key in WHOLE]
    + [("district", key) for key in ("slug", "name", "code", "x")]
    + [(*DONG, key) for key in ("slug", "name", "code", "population", "x")]
    + [(*COUNT, key) for key in ("as_of", "residents", "source")]
    + [("dong", 1), ("department", 0), ("department", 1, "slug"), (*POPULATION, 0)]
)


class Undo(Exception):
    """Nothing of an example stays."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths, values)
def test_whatever_stands_in_a_file_is_refused_or_works(world, tmp_path, path, value):
    file = tmp_path / "any.toml"
    file.write_text(changed(path, value), encoding="utf-8", errors="surrogatepass")
    with suppress(BadPlaceFile, Undo), world.write() as session:
        district = load_district(session, file)
        assert place_by_slug(session, district.slug) is district
        assert len(named_places(session, district.slug)) == 1 + len(dongs(session, district))
        assert all(place_by_slug(session, dong.slug) is dong for dong in dongs(session, district))
        assert population(session, district, date(2022, 1, 1)) >= 0
        assert departments(session, district)
        raise Undo
