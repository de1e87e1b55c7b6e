"""A round in a real browser, solved by the real worker: opened, watched, published; in two languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.sync_api import Page, expect

from app.asgi import make_app
from app.settings import Secrets, Settings
from quota.installation import mark_demonstration
from quota.rights import Role
from quota.sealing import Keyring
from tests.browser.test_shell import check, enter
from tests.factories import make_account
from tests.matching.scene import make_scene

PATIENCE = 60_000
RUSSIAN = {
    "rounds": "Раунды подбора",
    "open": "Открыть раунд",
    "solve": "Рассчитать",
    "proven": "доказано: лучшего плана нет",
    "full": "В лучшем плане уже занято: «Қалаушы»",
    "publish": "Опубликовать план",
    "goes": "1 предложение уйдёт на рассмотрение в службу пробации.",
    "yes": "Опубликовать",
    "done": "План опубликован",
}
KAZAKH = {
    "rounds": "Іріктеу кезеңдері",
    "open": "Іріктеу кезеңін ашу",
    "solve": "Есептеу",
    "proven": "дәлелденді: бұдан жақсы жоспар жоқ",
    "full": "Ең тиімді жоспарда бос емес: «Қалаушы»",
    "publish": "Жоспарды жариялау",
    "goes": "1 ұсыныс пробация қызметіне қарауға барады.",
    "yes": "Жариялау",
    "done": "Жоспар жарияланды",
}


@pytest.fixture
def served_app(sqlite_url: str, tmp_path: Path, keyring: Keyring) -> Litestar:
    settings = Settings(var_dir=tmp_path, database_url=sqlite_url)
    return make_app(settings, Secrets("s" * 64, keyring), solves=True)


@pytest.mark.parametrize(
    ("locale", "said", "width"), [("ru", RUSSIAN, 1280), ("kk", KAZAKH, 320)], ids=["ru", "kk"]
)
def test_staff_open_solve_and_publish_a_round(
    open_page: Callable[..., Page], fill, locale: str, said: dict[str, str], width: int
) -> None:
    with fill() as session:
        scene = make_scene(session)
        centre_id = scene.centre.id
        login = make_account(session, Role.STAFF, centre_id=centre_id, locale=locale).login
    page = open_page(width=width)
    enter(page, login)
    page.get_by_role("link", name=said["rounds"], exact=True).click()
    check(page)
    page.get_by_role("link", name=said["open"]).first.click()
    page.get_by_role("button", name=said["open"]).click()
    check(page)
    page.get_by_role("button", name=said["solve"]).click()
    expect(page.locator("#work[hx-trigger]")).to_be_visible()
    check(page)
    expect(page.get_by_text(said["proven"])).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(said["full"])).to_be_visible()
    check(page)
    page.get_by_role("link", name=said["publish"]).click()
    expect(page.get_by_text(said["goes"])).to_be_visible()
    check(page)
    page.get_by_role("button", name=said["yes"], exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(said["done"])
    check(page)


def test_a_round_is_watched_without_scripts(open_page: Callable[..., Page], fill) -> None:
    with fill() as session:
        centre_id = make_scene(session).centre.id
        login = make_account(session, Role.STAFF, centre_id=centre_id, locale="en").login
    page = open_page(java_script_enabled=False)
    enter(page, login)
    page.goto("/rounds/new")
    page.get_by_role("button", name="Open the round").click()
    page.get_by_role("button", name="Solve").click()
    plan = page.get_by_role("heading", name="The plan")
    reload = page.get_by_role("link", name="Reload the page")
    for _ in range(120):
        # A click does not wait for the page it leads to: one of the two has to stand there first.
        expect(plan.or_(reload).first).to_be_visible()
        if plan.is_visible():
            break
        page.wait_for_timeout(500)
        reload.click()
    expect(plan).to_be_visible()


def test_a_table_is_checked_and_entered(open_page: Callable[..., Page], fill) -> None:
    with fill() as session:
        mark_demonstration(session)
        centre_id = make_scene(session).centre.id
        login = make_account(session, Role.STAFF, centre_id=centre_id, locale="en").login
    page = open_page(width=320)
    enter(page, login)
    page.goto("/imports")
    check(page)
    page.get_by_label("What the table holds").select_option("employers")
    table = "БИН/ИИН;Наименование;Населённый пункт\n500340000004;ТОО Үлгі;Талғар\n;ТОО Жоқ;Талғар\n"
    file = {"name": "firms.csv", "mimeType": "text/csv", "buffer": table.encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Check the table").click()
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Enter these rows").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    check(page)
