"""Settings from SENIM_* environment variables, and secrets from a file only the owner can read."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from quota.sealing import Keyring


class SettingsError(ValueError):
    """A setting or the file of secrets cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is one variable; its `help` stands in the README and in `senim settings`."""

    var_dir: Path = field(
        default=Path("var"), metadata={"help": "folder for the database, secrets and attachments"}
    )
    database_url: str = field(
        default="", metadata={"help": "SQLAlchemy address; default: SQLite in the var folder"}
    )
    host: str = field(default="127.0.0.1", metadata={"help": "address to serve on"})
    port: int = field(default=8000, metadata={"help": "port to serve on"})
    secure_cookies: bool = field(
        default=False, metadata={"help": "1 when served over HTTPS: cookies only travel there"}
    )
    session_hours: int = field(
        default=12, metadata={"help": "hours after which everybody signs in again"}
    )
    idle_minutes: int = field(
        default=120, metadata={"help": "minutes without a page after which a session ends"}
    )
    solver_workers: int = field(
        default=1, metadata={"help": "processes a round may use to solve its components"}
    )
    public_url: str = field(
        default="", metadata={"help": "address people open Senim under; default: host and port"}
    )
    smtp_url: str = field(
        default="",
        metadata={"help": "smtp://user:password@host:587 or smtps://...; empty: no e-mail is sent"},
    )
    mail_from: str = field(default="senim@localhost", metadata={"help": "sender of the e-mails"})
    sms_url: str = field(
        default="",
        metadata={"help": "gateway that takes to and text by POST; empty: no SMS is sent"},
    )

    @property
    def site(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.var_dir / 'senim.db'}"


ADDRESSES = {
    "public_url": ("http", "https"),
    "smtp_url": ("smtp", "smtps"),
    "sms_url": ("http", "https"),
}
# What may hold a password is shown by scheme and host alone.
SECRET = ("smtp_url", "sms_url")


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Reads SENIM_* variables. Raises SettingsError naming the variable that does not fit or is unknown."""
    known = {variable_of(f.name): f for f in fields(Settings)}
    ours = (n for n in environ if n.startswith("SENIM_") and not n.startswith("SENIM_TEST_"))
    unknown = sorted(n for n in ours if n not in known)
    if unknown:
        raise SettingsError(f"unknown setting: {', '.join(unknown)}")
    values = {
        f.name: _parse(name, environ[name], type(f.default))
        for name, f in known.items()
        if environ.get(name)
    }
    settings = Settings(**values)  # type: ignore[arg-type]
    _check_addresses(settings)
    return settings


def variable_of(name: str) -> str:
    return f"SENIM_{name.upper()}"


def _check_addresses(settings: Settings) -> None:
    for name, schemes in ADDRESSES.items():
        url = getattr(settings, name)
        if url and (urlsplit(url).scheme not in schemes or not urlsplit(url).hostname):
            raise SettingsError(f"{variable_of(name)} must begin with {schemes[0]}:// and a host")


def _parse(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text not in ("0", "1"):
            raise SettingsError(f"{name} must be 0 or 1")
        return text == "1"
    if kind is int:
        if not text.isdecimal():
            raise SettingsError(f"{name} must be a whole number")
        return int(text)
    return Path(text) if issubclass(kind, Path) else text


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """(variable, value without a password, help) of every setting."""
    rows = []
    for f in fields(Settings):
        shown = str(getattr(settings, f.name))
        if f.name == "database_url":
            shown = _hide_password(settings.database)
        elif f.name in SECRET and shown:
            shown = f"{urlsplit(shown).scheme}://{urlsplit(shown).hostname}/..."
        rows.append((variable_of(f.name), shown, f.metadata["help"]))
    return rows


def _hide_password(url: str) -> str:
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)


@dataclass(frozen=True, slots=True)
class Secrets:
    session: str
    keyring: Keyring


def load_secrets(settings: Settings) -> Secrets:
    """The installation's secrets, made on first start in `secrets.json` with mode 600."""
    path = _secrets_path(settings)
    if not path.exists():
        _write_secrets(path)
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others: chmod 600 it")
    stored = json.loads(path.read_text())
    keyring = Keyring(
        tuple(key.encode() for key in stored["seal_keys"]), bytes.fromhex(stored["index_key"])
    )
    return Secrets(stored["session"], keyring)


def add_seal_key(settings: Settings) -> Secrets:
    """Puts a new seal key before the others, which still open what they sealed."""
    return _change_secrets(
        settings, lambda stored: stored["seal_keys"].insert(0, Fernet.generate_key().decode())
    )


def drop_old_seal_keys(settings: Settings) -> Secrets:
    """Leaves the newest seal key alone; for when nothing is sealed with the others any more."""

    def drop(stored: dict[str, Any]) -> None:
        del stored["seal_keys"][1:]

    return _change_secrets(settings, drop)


def plan_index_key(settings: Settings) -> bytes:
    """The next index key, kept beside the one in use until `adopt_index_key`."""
    new = secrets.token_hex(32)
    _change_secrets(settings, lambda stored: stored.setdefault("next_index_key", new))
    stored = json.loads(_secrets_path(settings).read_text())
    return bytes.fromhex(stored["next_index_key"])


def adopt_index_key(settings: Settings) -> Secrets:
    """Takes the planned index key into use."""

    def adopt(stored: dict[str, Any]) -> None:
        stored["index_key"] = stored.pop("next_index_key")

    return _change_secrets(settings, adopt)


def _change_secrets(settings: Settings, change: Callable[[dict[str, Any]], object]) -> Secrets:
    load_secrets(settings)
    path = _secrets_path(settings)
    stored = json.loads(path.read_text())
    change(stored)
    _write_draft(path, stored).replace(path)
    return load_secrets(settings)


def _secrets_path(settings: Settings) -> Path:
    return settings.var_dir / "secrets.json"


def _write_secrets(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = {
        "session": secrets.token_hex(32),
        "seal_keys": [Fernet.generate_key().decode()],
        "index_key": secrets.token_hex(32),
    }
    draft = _write_draft(path, content)
    with suppress(FileExistsError):  # another process was first: its secrets hold
        os.link(draft, path)
    draft.unlink()


def _write_draft(path: Path, content: object) -> Path:
    """A file beside `path` that only the owner can read."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file)
    return draft
