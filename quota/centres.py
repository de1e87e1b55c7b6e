"""Centres and bodies: the offices an account can belong to, each with its territory."""

from enum import StrEnum
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from quota.tables import Keyed, Table


class BodyKind(StrEnum):
    PROBATION = "probation"
    PROSECUTOR = "prosecutor"
    SPECIALISTS = "specialists"
    AKIMAT = "akimat"
    OPERATOR = "operator"  # who runs the installation: administrators, data-protection officer


class Centre(Keyed, Table):
    """An employment or labour mobility centre."""

    __tablename__ = "centres"

    name_kk: Mapped[str] = mapped_column(String(200))
    name_ru: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    territory: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    def names(self) -> dict[str, str]:
        return _names(self)


class Body(Keyed, Table):
    """A state body or service beside the centres: probation, prosecutor, specialists, rural akim."""

    __tablename__ = "bodies"

    kind: Mapped[str] = mapped_column(String(20))
    name_kk: Mapped[str] = mapped_column(String(200))
    name_ru: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    territory: Mapped[str | None] = mapped_column(String(80))

    def names(self) -> dict[str, str]:
        return _names(self)


def _names(record: Any) -> dict[str, str]:
    return {"kk": record.name_kk, "ru": record.name_ru, "en": record.name_en}
