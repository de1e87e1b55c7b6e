"""What must never be read: markers stand in every sensitive field, and everything in reach is read.

A reader of each role starts at the first page and follows every link, to pages, papers and tables alike,
and at the pages no link leads to; a page of the role that nobody read and EXCEPTED does not name fails.
No staff page or file shows a restriction's source or rule, or what probation noted or decided; no
specialist's page more than the name behind an own task; nothing an employer gets, the letter carried
there included, shows who the person is beyond a first name. Whoever is named stands in the journal.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import func, select

from matching.candidates import Candidate
from matching.programmes import SECTIONS
from matching.referrals import Referral
from matching.restrictions import RULES
from matching.rounds import Proposal, Round
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, RIGHTS, Role
from tests.papers import read_docx, read_pdf
from tests.web.marked import (
    HIDDEN,
    OF_PROBATION,
    Marked,
    World,
    free,
    furnish,
    hire,
    make_marked,
    make_world,
)
from tests.web.test_restrictions import BASIS
from web.words import WORDS

SKIPPED = ("/static", "/sign-out")
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
LETTERS = "abcdefghjkmnpqrstuvwxyz"
RULE_WORDS = [
    word for code, word in WORDS["rule"].items() if code not in ("reporting", "treatment")
]
MOST_OF_ONE = 4  # addresses of one page: lists turned and filtered show nothing new
# Pages nobody reads here, and why.
EXCEPTED: Mapping[str, str] = {
    "/invitation/{code:str}": "makes an account of a firm, before which it has nobody's name",
    "/static/{name:str}": "styles and scripts of the package",
}


@dataclass
class Reading:
    """What a reader was shown, by address, and where a name was shown that no entry holds."""

    pages: dict[str, str] = field(default_factory=dict)
    routes: Counter[str] = field(default_factory=Counter)
    unwritten: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.pages.values())


@dataclass(frozen=True)
class Ground:
    """The world, its marked people, and the addresses that no link leads to."""

    world: World
    people: tuple[Marked, ...]
    addresses: tuple[str, ...]
    skipped: tuple[str, ...]


def list_routes(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                yield route.path, handler


def list_open(app: Litestar, role: Role) -> set[str]:
    """The pages whose doors let the role pass."""
    found = set()
    for path, handler in list_routes(app):
        doors = {guard.door for guard in handler.resolve_guards() if hasattr(guard, "door")}
        if doors and all(door == "any" or role in RIGHTS[door] for door in doors):
            found.add(path)
    return found


class Router:
    def __init__(self, app: Litestar) -> None:
        # A fixed address goes before one that is filled in.
        paths = sorted({path for path, _ in list_routes(app)}, key=lambda p: (p.count("{"), p))
        self._shapes = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in paths]

    def find(self, address: str) -> str:
        plain = address.split("?")[0]
        return next((path for shape, path in self._shapes if shape.fullmatch(plain)), "")


def read_everything(ground: Ground, visitor, fill, router: Router, first: list[str]) -> Reading:
    """Every page, paper and table a reader reaches by links from the first pages."""
    reading = Reading()
    waiting = [*first]
    while waiting:
        address = waiting.pop(0)
        route = router.find(address)
        if address in reading.pages or address.startswith(ground.skipped):
            continue
        if reading.routes[route] >= MOST_OF_ONE:
            continue
        before = last_entry(fill)
        answer = visitor.get(address)
        assert answer.status_code < 500, address
        text = read_answer(answer)
        reading.pages[address] = text
        if answer.status_code in (
            200,
            403,
        ):  # a door for all roles leads to verbs that ask for more
            reading.routes.update({route, router.find(answer.url.path)})
        reading.unwritten += [(address, key) for key in list_unwritten(ground, fill, text, before)]
        if "text/html" in answer.headers["content-type"]:
            waiting += [unescape(found) for found in LINK.findall(text)]
    return reading


def last_entry(fill) -> int:
    with fill() as session:
        return session.scalar(select(func.max(Entry.id))) or 0


def list_unwritten(ground: Ground, fill, text: str, before: int) -> list[str]:
    """The people named in a text about whom no entry was written since."""
    named = {p.key for p in ground.people if p.given in text or p.marks["family"] in text}
    if not named:
        return []
    with fill() as session:
        told = [
            {entry.record_key, *entry.detail.get("people", ())}
            for entry in session.scalars(select(Entry).where(Entry.id > before))
        ]
    return sorted(named - set().union(*told))


def read_answer(answer) -> str:
    """What an answer says, whatever it is written as."""
    kind = answer.headers["content-type"].split(";")[0]
    if kind == "application/pdf" and answer.content.startswith(b"%PDF-1.7 invented"):
        return ""
    if kind == "application/pdf":
        return read_pdf(answer.content)
    if "wordprocessingml" in kind:
        return read_docx(answer.content)
    if "spreadsheetml" in kind:
        with ZipFile(BytesIO(answer.content)) as book:
            return unescape("\n".join(book.read(name).decode() for name in book.namelist()))
    return str(answer.text)


@pytest.fixture
def make_ground(app, fill, now):
    def make(people: list[tuple[list[str], str]]) -> Ground:
        with fill() as session:
            world = make_world(session)
            referred, hired, freed = (
                make_marked(session, world, rules, mark, now=now) for rules, mark in people
            )
            placement = hire(session, world, hired, now=now)
            ended = free(session, world, freed, now=now)
            addresses = furnish(
                session, world, now=now, folder=app.state.settings.var_dir / "attachments"
            )
            # The rounds of the factories were never solved: they have no plan to show.
            unsolved = session.scalars(select(Round.key).where(Round.plan.is_(None)))
            skipped = (*SKIPPED, *(f"/rounds/{key}" for key in unsolved))
        return Ground(
            world,
            (referred, hired, freed),
            (*addresses, f"/placements/{placement}", f"/proposals/{ended}/next"),
            skipped,
        )

    return make


EVERYTHING = (*HIDDEN, "family", "patronymic", "number", "iin")
# What stands on no page of a role; BASIS and a rule's name are looked for beside.
FORBIDDEN: Mapping[Role, tuple[str, ...]] = {
    Role.STAFF: OF_PROBATION,
    Role.EMPLOYER: EVERYTHING,
    Role.PROBATION: ("source", "case"),
    Role.PROSECUTOR: EVERYTHING,
    Role.SPECIALIST: ("source", "case", "note", "own", "ruling", "number", "order", "iin"),
    Role.CLERK: ("source", "case", "note", "task", "own", "ruling", "told", "paper", "iin"),
    Role.ADMINISTRATOR: EVERYTHING,
    Role.OFFICER: ("source", "case", "note", "task", "own", "ruling", "told"),
    Role.CANDIDATE: ("source", "case", "note", "task", "own", "ruling"),
}
SUPPORT_WORDS = [
    WORDS["measure_kind"][kind]
    for section in ("medical", "psychological", "legal")
    for kind in SECTIONS[section]
]


def find_leaks(ground: Ground, reading: Reading, role: Role) -> list[tuple[str, str]]:
    """Where something stands that the role must not read: (address, what)."""
    hidden = [
        (name, text)
        for person in ground.people
        for name, text in person.marks.items()
        if name in FORBIDDEN[role]
    ]
    hidden.append(("basis", BASIS))
    return [
        (address, name)
        for address, text in reading.pages.items()
        for name, mark in hidden
        if mark in text
    ]


def find_rules(reading: Reading, firsts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where the name of a rule stands as what a field says. An order of goals lists all rules there are."""
    return [
        (address, word)
        for address, text in reading.pages.items()
        if address.startswith(firsts) and not address.startswith("/rounds/orders")
        for word in RULE_WORDS
        if f">{word}<" in text
    ]


def deal(seed: int) -> list[tuple[list[str], str]]:
    """Three people: every rule is one of somebody's, and each has a mark."""
    chance = random.Random(seed)
    rules = chance.sample(RULES, len(RULES))
    return [(rules[n::3], "".join(chance.choices(LETTERS, k=12))) for n in range(3)]


def test_nobody_reads_more_than_is_theirs(app, sign_in, visit, fill, make_ground) -> None:
    print("seed", seed := random.randrange(2**32))
    ground, router = make_ground(deal(seed)), Router(app)
    read: dict[Role, Reading] = {}
    for role in ACCOUNT_ROLES:
        visitor = sign_in(ground.world.accounts[role])
        first = ["/", *ground.addresses]
        if role is Role.EMPLOYER:
            first += [person.link for person in ground.people]
        read[role] = read_everything(ground, visitor, fill, router, first)
        assert list_open(app, role) - read[role].routes.keys() == set(), role
        assert find_leaks(ground, read[role], role) == [], role
        assert read[role].unwritten == [], role
    check_staff(ground, read[Role.STAFF])
    check_employer(ground, read[Role.EMPLOYER])
    check_released(ground, sign_in(ground.world.accounts[Role.PROBATION]), fill, router)
    for role in (Role.SPECIALIST, Role.CLERK):
        assert ground.people[0].marks["family"] in read[role].text, role
        assert find_rules(read[role], ("/",)) == [], role
    for role in (Role.PROSECUTOR, Role.ADMINISTRATOR):
        assert not any(person.given in read[role].text for person in ground.people), role
    known = set().union(*(reading.routes for reading in read.values()))
    known |= check_own_pages(ground, visit(), fill, router)
    assert {path for path, _ in list_routes(app)} - known == EXCEPTED.keys()


def check_staff(ground: Ground, reading: Reading) -> None:
    text, first = reading.text, ground.people[0]
    assert first.marks["family"] in text and first.marks["paper"] in text
    letters = [page for address, page in reading.pages.items() if "/letter." in address]
    assert len(letters) >= 2, "as PDF and as DOCX"
    for name, hidden in first.marks.items():
        if name not in ("family", "seat"):  # a letter to a course names its own ground
            assert not any(hidden in page for page in letters), name
    assert not any(word in page for page in letters for word in RULE_WORDS)
    assert find_rules(reading, ("/candidates", "/proposals", "/courses", "/rounds")) == []


def check_employer(ground: Ground, reading: Reading) -> None:
    first = ground.people[0]
    assert first.given in reading.text and first.given in reading.pages[first.link]
    assert any(address.startswith("/exports/") for address in reading.pages)
    for hidden in ("701 555", "heck-in", *RULE_WORDS, *SUPPORT_WORDS):
        assert hidden not in reading.text, hidden


def check_released(ground: Ground, inspector, fill, router: Router) -> None:
    """Probation reads nothing of whoever left supervision and takes no part, the restrictions included."""
    person = ground.people[-1]
    with fill() as session:
        candidate = session.scalars(select(Candidate).where(Candidate.key == person.key)).one()
        assert not candidate.takes_part
        candidate.status = "released"
        theirs = [
            f"/{table.__tablename__}/{key}"
            for table in (Proposal, Referral)
            for key in session.scalars(select(table.key).where(table.candidate_id == candidate.id))
        ]
    assert len(theirs) == 2
    rules = f"/candidates/{person.key}/restrictions"
    first = ["/", *theirs, rules, f"{rules}/minors", *ground.addresses]
    reading = read_everything(ground, inspector, fill, router, first)
    assert ground.people[0].marks["family"] in reading.text
    hidden = {**person.marks, "given": person.given}
    assert [name for name, mark in hidden.items() if mark in reading.text] == []


def check_own_pages(ground: Ground, phone, fill, router: Router) -> set[str]:
    """Each person's own pages, and those for anybody: nothing of the others, nothing of the sources.
    Returns the routes read."""
    known: set[str] = set()
    for person in ground.people:
        first = ["/me", f"/me/{person.code}", f"/me/{person.code}/survey/wishes"]
        reading = read_everything(ground, phone, fill, router, first)
        assert person.marks["family"] in reading.text
        assert reading.routes["/me/{code:str}/data"] == 1
        known |= reading.routes.keys()
        assert find_leaks(ground, reading, Role.CANDIDATE) == []
        others = [one for one in ground.people if one is not person]
        hidden = [mark for one in others for mark in (*one.marks.values(), one.given)]
        assert [mark for mark in hidden if mark in reading.text] == []
    open_ones = [a for a in ground.addresses if a.startswith(("/verify", "/draws"))]
    for address in open_ones:
        text = read_answer(phone.get(address))
        assert not any(mark in text for one in ground.people for mark in one.marks.values())
    return known
