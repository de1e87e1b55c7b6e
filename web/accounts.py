"""Accounts: the administrator opens, closes, reopens and resets them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import accounts, homes
from quota.accounts import NewAccount
from quota.errors import Invalid
from quota.rights import ACCOUNT_ROLES, Role
from web.forms import Form, Typed
from web.guards import may
from web.i18n import LOCALES, get_locale
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page
from web.words import word


@dataclass(frozen=True, slots=True)
class Opening:
    name: str = field(metadata={"most": 200})
    role: Role
    home: str = field(metadata={"most": 40})
    login: str = field(metadata={"most": 60})
    password: str = field(metadata={"most": 1000, "exact": True})
    locale: str = "kk"


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 300})


@dataclass(frozen=True, slots=True)
class NewPassword:
    password: str = field(metadata={"most": 1000, "exact": True})


class Accounts(Controller):
    path = "/accounts"
    guards = (may("accounts.manage"),)

    @get(sync_to_thread=True)
    def browse(self, request: Request, unit: Unit) -> Answer:
        rows = accounts.list_accounts(unit.session, unit.actor)
        return page(request, "accounts/list.html", rows=rows)

    @get("/new", sync_to_thread=True)
    def ask(self, request: Request, unit: Unit) -> Answer:
        return _ask(request, unit, Form.blank(locale=get_locale()))

    @post("/new", sync_to_thread=True)
    def open(self, request: Request, unit: Unit, form: Typed) -> Answer:
        try:
            account = _open(unit, form.read(Opening))
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _ask(request, unit, form, status=422)
        flash(request, "account_opened")
        return go(request, f"/accounts/{account.key}")

    @get("/{key:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", sync_to_thread=True)
    def change(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        """One page, several forms: the button says which step is meant."""
        try:
            said = STEPS[form.choose("step", STEPS)](unit, key, form)
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, said)
        return go(request, f"/accounts/{key}")


def _open(unit: UnitOfWork, asked: Opening) -> accounts.Account:
    home = homes.find_home(unit.session, asked.role, asked.home)
    new = NewAccount(
        asked.login, asked.password, asked.role, asked.name, locale=asked.locale, **home
    )
    return accounts.open_account(unit.session, unit.actor, new, now=unit.now)


def _close(unit: UnitOfWork, key: str, form: Form) -> str:
    reason = form.read(Reason).reason
    accounts.close_account(unit.session, unit.actor, key, reason=reason, now=unit.now)
    return "account_closed"


def _reopen(unit: UnitOfWork, key: str, form: Form) -> str:
    reason = form.read(Reason).reason
    accounts.reopen_account(unit.session, unit.actor, key, reason=reason, now=unit.now)
    return "account_reopened"


def _reset(unit: UnitOfWork, key: str, form: Form) -> str:
    password = form.read(NewPassword).password
    accounts.reset_password(unit.session, unit.actor, key, password, now=unit.now)
    return "password_changed"


STEPS: dict[str, Callable[[UnitOfWork, str, Form], str]] = {
    "close": _close,
    "reopen": _reopen,
    "reset": _reset,
}


def _ask(request: Request, unit: UnitOfWork, form: Form, *, status: int = 200) -> Answer:
    offered = homes.list_homes(unit.session, unit.actor)
    context: dict[str, Any] = {
        "roles": [(role.value, word("role", role.value)) for role in ACCOUNT_ROLES],
        "homes": [(home.key, _name(home)) for home in offered],
        "locales": LOCALES.items(),
    }
    return page(request, "accounts/new.html", form=form, status=status, **context)


def _name(home: homes.Home) -> str:
    return f"{word('home', home.kind)}: {home.names[get_locale()]}"


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    account = accounts.show_account(unit.session, unit.actor, key)
    return page(request, "accounts/show.html", account=account, form=form, status=status)
