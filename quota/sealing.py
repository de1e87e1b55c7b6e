"""Personal data at rest: sealed text, and keyed tokens to find it again without opening it.

The keys live outside the database (`Session.info["keyring"]`, set by `app/db`). Fernet keys rotate:
the first one seals, every one opens. The index key must not change while tokens made with it are stored.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Keyring:
    """`seal_keys` are Fernet keys, newest first; `index_key` is at least 32 random bytes."""

    seal_keys: tuple[bytes, ...]
    index_key: bytes

    def seal(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        return self._fernet().decrypt(sealed.encode()).decode()

    def reseal(self, sealed: str) -> str:
        """The same text under the newest key."""
        return self._fernet().rotate(sealed.encode()).decode()

    def token(self, kind: str, text: str) -> str:
        """A keyed blind index of `text`: equal texts of one kind give equal tokens."""
        message = f"{kind}\0{text}".encode()
        return hmac.new(self.index_key, message, hashlib.sha256).hexdigest()[:32]

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.seal_keys])


def keyring_of(session: Session) -> Keyring:
    keyring = session.info["keyring"]
    assert isinstance(keyring, Keyring)
    return keyring
