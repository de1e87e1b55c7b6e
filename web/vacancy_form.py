"""The form of a vacancy: the fields of the state exchange, shifts as days and hours, sites as lines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from quota import requirements
from quota.employers import Employer
from quota.places import find_place
from quota.requirements import LANGUAGES, find_wording
from quota.vacancies import Vacancy
from web.asking import offer
from web.forms import Form
from web.geography import oblast_of, read_place, suggest_places, write_place
from web.site import Answer, Request, UnitOfWork, page

SHIFTS = 3


def _needed(most: int) -> Any:
    return field(metadata={"most": most})


def _text(most: int) -> Any:
    return field(default="", metadata={"most": most})


@dataclass(frozen=True, slots=True)
class Content:
    """The fields that are stored as they are typed."""

    title: str = _needed(200)
    pay_from: int
    pay_to: int | None = None
    number: str = _text(40)
    field: str = _text(100)
    post: str = _text(300)
    address: str = _text(300)
    regime: str = "full"
    character: str = "permanent"
    conditions: str = "normal"
    education: str = "any"
    experience_years: int = 0
    duties: str = ""
    skills: str = ""
    qualities: str = ""
    flags: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    housing: bool = False
    transport: bool = False
    internship: bool = False
    graduates: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Fields that are read further: a place by its name, one item a line."""

    place: str = _needed(200)
    sites: str = ""
    essential: str = ""
    desirable: str = ""


def read_fields(unit: UnitOfWork, form: Form, employer: Employer) -> dict[str, Any]:
    """What the verbs of vacancies take. Raises Invalid with every fault of one kind at once."""
    content, written = form.read(Content), form.read(Written)
    territory = oblast_of(employer.territory)
    fields = asdict(content)
    fields["pay_to"] = content.pay_to if content.pay_to is not None else content.pay_from
    for name in ("flags", "licences", "support"):
        fields[name] = list(fields[name])
    return fields | {
        "kato": read_place(unit.session, "place", written.place, territory),
        "shifts": _read_shifts(form),
        "languages": _read_languages(form),
        "sites": [_read_site(unit, line, territory) for line in _lines(written.sites)],
        "essential": _lines(written.essential),
        "desirable": _lines(written.desirable),
    }


def show_fields(unit: UnitOfWork, vacancy: Vacancy) -> Form:
    """The form filled from a record."""
    known = {name: getattr(vacancy, name) for name in Content.__dataclass_fields__}
    for number, shift in enumerate(vacancy.shifts[:SHIFTS]):
        known |= {f"shift{number}_{part}": shift[part] for part in ("start", "end")}
        known[f"shift{number}_days"] = list(shift["days"])
    known |= {f"language_{item['language']}": item["level"] for item in vacancy.languages}
    sites = [(find_place(unit.session, s["kato"]), s["address"]) for s in vacancy.sites]
    return Form.blank(
        **known,
        place=write_place(find_place(unit.session, vacancy.kato)),
        sites="\n".join(f"{write_place(place)}; {address}" for place, address in sites),
        essential="\n".join(vacancy.essential),
        desirable="\n".join(vacancy.desirable),
    )


def ask_vacancy(
    request: Request,
    unit: UnitOfWork,
    form: Form,
    employer: Employer,
    *,
    vacancy: Vacancy | None = None,
    status: int = 200,
) -> Answer:
    texts = {name: form.value(name) for name in ("title", "post", "duties", "skills", "qualities")}
    return page(
        request,
        "vacancies/edit.html",
        form=form,
        employer=employer,
        vacancy=vacancy,
        remarks=find_wording(texts),
        places=suggest_places(unit.session, oblast_of(employer.territory)),
        shifts=range(SHIFTS),
        languages_asked=LANGUAGES,
        levels=offer(requirements.LEVELS, "level"),
        flags=offer(requirements.FLAGS, "flag"),
        licences=offer(requirements.LICENCES, "licence"),
        supports=offer(requirements.SUPPORT, "support"),
        regimes=offer(requirements.REGIMES, "regime"),
        characters=offer(requirements.CHARACTERS, "character"),
        conditions=offer(requirements.CONDITIONS, "conditions"),
        educations=offer(requirements.EDUCATIONS, "education"),
        status=status,
    )


def _read_shifts(form: Form) -> list[Mapping[str, str]]:
    shifts = []
    for number in range(SHIFTS):
        days = "".join(sorted(form.values(f"shift{number}_days")))
        start, end = form.value(f"shift{number}_start"), form.value(f"shift{number}_end")
        if days or start or end:
            shifts.append({"days": days, "start": start, "end": end})
    return shifts


def _read_languages(form: Form) -> list[Mapping[str, str]]:
    asked = {code: form.value(f"language_{code}") for code in LANGUAGES}
    return [{"language": code, "level": level} for code, level in asked.items() if level]


def _read_site(unit: UnitOfWork, line: str, territory: str) -> Mapping[str, str]:
    place, _, address = line.partition(";")
    return {
        "kato": read_place(unit.session, "sites", place.strip(), territory),
        "address": address.strip(),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
