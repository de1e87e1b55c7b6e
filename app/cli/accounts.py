"""`senim account`: accounts from the command line of the office's own machine."""

import sys

import click

from app.cli.units import unit, utc_now
from quota import accounts, homes
from quota.accounts import NewAccount
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from web.i18n import LOCALES
from web.words import word


@click.group()
def account() -> None:
    """Open, close, reset and list accounts; a password is asked for, or read from the input."""


@account.command()
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in ACCOUNT_ROLES]), required=True)
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.option("--home", help="Key of the centre, state body or employer; see `account homes`.")
@click.option("--language", type=click.Choice(list(LOCALES)), default="kk", show_default=True)
def add(login: str, role: str, name: str, home: str | None, language: str) -> None:
    """Open an account. An administrator or officer without --home belongs to the operator."""
    with unit() as session:
        kind = Role(role)
        if home is None and kind in (Role.ADMINISTRATOR, Role.OFFICER):
            home = homes.ensure_operator(session).key
        belongs = homes.find_home(session, kind, home or "")
        new = NewAccount(login, read_password(), kind, name, locale=language, **belongs)
        opened = accounts.open_account(session, SYSTEM, new, now=utc_now())
        click.echo(f"{opened.login} {opened.key}")


@account.command()
@click.argument("login")
@click.option("--reason", required=True, help="Kept in the journal.")
def close(login: str, reason: str) -> None:
    """Close an account; whoever is signed in with it is signed out at once."""
    with unit() as session:
        key = accounts.find_key(session, login)
        accounts.close_account(session, SYSTEM, key, reason=reason, now=utc_now())


@account.command()
@click.argument("login")
def reset(login: str) -> None:
    """Set a new password; sessions under the old one end."""
    with unit() as session:
        key = accounts.find_key(session, login)
        accounts.reset_password(session, SYSTEM, key, read_password(), now=utc_now())


@account.command(name="list")
def show_accounts() -> None:
    """List all accounts: login, role, state, key."""
    with unit(read_only=True) as session:
        for row in accounts.list_accounts(session, SYSTEM):
            state = word("account", "closed" if row.closed_at else "open")
            click.echo(f"{row.login}\t{row.role}\t{state}\t{row.key}")


@account.command(name="homes")
def show_homes() -> None:
    """List what an account can belong to: key, kind, name."""
    with unit(read_only=True) as session:
        for home in homes.list_homes(session, SYSTEM):
            click.echo(f"{home.key}\t{home.kind}\t{home.names['ru']}")


def read_password() -> str:
    """Typed unseen at a terminal, else the first line of the input; never an argument others can see."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
