"""Places and departments."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, code_column


class PlaceKind(StrEnum):
    """A district (구) or one of its neighbourhoods (행정동)."""

    DISTRICT = "district"
    DONG = "dong"


class Place(Base):
    """A district, or a dong inside one. Dongs are data: they split and merge."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("(kind = 'district') = (parent_id IS NULL)", name="dong_has_district"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PlaceKind] = mapped_column(code_column(PlaceKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]
    code: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    parent: Mapped[Place | None] = relationship(remote_side=[id])

    @property
    def is_district(self) -> bool:
        """Say whether this is the whole district."""
        return self.kind is PlaceKind.DISTRICT


class Population(Base):
    """How many people live in a dong on a day; quorums are computed from it."""

    __tablename__ = "population"
    __table_args__ = (
        UniqueConstraint("place_id", "as_of"),
        CheckConstraint("residents >= 0", name="residents_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    as_of: Mapped[date]
    residents: Mapped[int]
    source: Mapped[str]


class Department(Base):
    """A department (소관부서) that reviews, replies and carries out."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("place_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    slug: Mapped[str]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
