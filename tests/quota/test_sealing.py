"""Sealed text opens only with its keys; tokens find without opening."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from quota.sealing import Keyring

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()
RING = Keyring((OLD,), b"i" * 32)
ROTATED = Keyring((NEW, OLD), b"i" * 32)


@given(st.text())
def test_what_is_sealed_opens_again_and_shows_nothing(text: str) -> None:
    sealed = RING.seal(text)
    assert RING.open(sealed) == text
    assert len(text) < 3 or text not in sealed


def test_after_a_rotation_old_seals_open_and_resealed_ones_need_no_old_key() -> None:
    sealed = RING.seal("Айгүл")
    assert ROTATED.open(sealed) == "Айгүл"
    resealed = ROTATED.reseal(sealed)
    assert Keyring((NEW,), b"i" * 32).open(resealed) == "Айгүл"
    with pytest.raises(InvalidToken):
        Keyring((NEW,), b"i" * 32).open(sealed)


def test_tokens_are_equal_for_equal_texts_of_one_kind_and_key() -> None:
    assert RING.token("iin", "1") == ROTATED.token("iin", "1")
    assert RING.token("iin", "1") != RING.token("name", "1")
    assert RING.token("iin", "1") != Keyring((OLD,), b"j" * 32).token("iin", "1")
