"""Catalogues: in one form only, compiled when stale, and safe to update twice."""

import os
import shutil

import pytest

from web import catalogues
from web.i18n import LOCALES


@pytest.fixture
def copied(tmp_path, monkeypatch):
    shutil.copytree(catalogues.LOCALE_DIR, tmp_path / "locale")
    monkeypatch.setattr(catalogues, "LOCALE_DIR", tmp_path / "locale")
    return tmp_path / "locale"


def test_updating_changes_nothing_where_nothing_changed(copied) -> None:
    before = {locale: catalogues.path_of(locale).read_bytes() for locale in LOCALES}
    catalogues.update()
    assert {locale: catalogues.path_of(locale).read_bytes() for locale in LOCALES} == before


def test_updating_keeps_translations_and_drops_what_is_no_longer_said(copied) -> None:
    path = catalogues.path_of("ru")
    path.write_text(path.read_text() + '\nmsgid "Nobody says this"\nmsgstr "Никто"\n')
    catalogues.update()
    assert "Nobody says this" not in path.read_text()
    assert 'msgid "Sign in"\nmsgstr "Войти"' in path.read_text()


def test_what_a_merge_left_twice_becomes_one(copied) -> None:
    path = catalogues.path_of("ru")
    whole = path.read_text()
    path.write_text(whole + '\nmsgid "Sign in"\nmsgstr "Войти"\n')
    catalogues.update()
    assert path.read_text() == whole


def test_a_catalogue_is_compiled_when_it_is_newer(copied) -> None:
    target = catalogues.path_of("kk").with_suffix(".mo")
    target.unlink(missing_ok=True)
    catalogues.compile_catalogues()
    first = target.stat().st_mtime_ns
    catalogues.compile_catalogues()
    assert target.stat().st_mtime_ns == first
    os.utime(catalogues.path_of("kk"), (target.stat().st_mtime + 9,) * 2)
    catalogues.compile_catalogues()
    assert target.stat().st_mtime_ns != first
