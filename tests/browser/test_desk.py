"""An employer's desk on a phone, in Russian, from the invitation to the first person who leaves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from matching import consents, referrals, reviews
from matching.consents import Evidence, Form
from matching.identities import Person
from matching.reviews import Ruling
from quota import invitations
from quota.places import load_places
from quota.rights import SYSTEM
from tests.browser.test_shell import check
from tests.factories import PASSWORD, make_candidate, make_slots
from tests.matching.journey import Journey

PDF = b"%PDF-1.7 contract"


@pytest.fixture
def invitation(fill) -> str:
    """The address of an invitation; Айгерім and Дана are on their way, two pledged places are free."""
    # The server reads the real clock: everything was made a moment ago.
    now = datetime.now(UTC) - timedelta(minutes=1)
    with fill() as session:
        load_places(session)
        journey = Journey(session, now, supervised=False)
        journey.issue()
        person = Person(family_name="Ермекова", given_name="Дана")
        second = make_candidate(session, journey.centre.id, person=person, status="released")
        proposal = journey.propose(second)
        reviews.approve(session, journey.second, proposal.key, Ruling(), now=now)
        asked = consents.ask_disclosure(session, journey.staff, proposal.key, now=now)
        evidence = Evidence(Form.PAPER, journey.today, "С-18")
        consents.give(session, journey.staff, asked.key, evidence, now=now)
        referrals.issue(session, journey.staff, proposal.key, now=now)
        make_slots(session, journey.employer, 2)
        invited = invitations.invite(session, SYSTEM, journey.employer.key, now=now)
        return f"/invitation/{invited.text}"


def test_an_employer_works_at_its_desk_on_a_phone(
    open_page: Callable[..., Page], invitation: str, tmp_path: Path
) -> None:
    page = open_page(locale="ru", width=320)
    _join(page, invitation)
    _see_who_comes(page)
    _list_a_vacancy(page)
    _refuse_in_one_click(page)
    _hire_and_prove(page, tmp_path)
    _leave(page)
    _pause(page)
    page.get_by_role("button", name="Қазақша").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Менің жұмыс үстелім")
    check(page)


def _join(page: Page, invitation: str) -> None:
    page.goto(invitation)
    expect(page.get_by_role("heading", level=1)).to_have_text("Первый вход")
    check(page)
    page.get_by_label("Ваше имя").fill("Бауыржан")
    page.get_by_label("Логин").fill("zhana")
    page.get_by_label("Пароль").fill("коротко")
    page.get_by_role("combobox", name="Язык").select_option("ru")
    page.get_by_role("button", name="Открыть мою учётную запись").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("10")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Открыть мою учётную запись").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Мой рабочий стол")
    expect(page.get_by_role("status")).to_contain_text("Ваша учётная запись открыта")


def _see_who_comes(page: Page) -> None:
    expect(page.get_by_role("link", name="Айгерім", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Дана", exact=True)).to_be_visible()
    expect(page.get_by_text("Сапарова")).to_have_count(0)
    expect(page.get_by_text("осталось 5 рабочих дней")).to_have_count(2)
    gauge = page.get_by_role("img", name="занято мест: 0 из 2")
    expect(gauge).to_be_visible()
    page.get_by_text("То же в цифрах").click()
    expect(page.get_by_role("row", name="по меморандуму")).to_have_count(3)
    check(page)


def _list_a_vacancy(page: Page) -> None:
    page.get_by_role("link", name="Новая вакансия").click()
    page.get_by_label("Название").fill("электросварщик")
    page.get_by_label("Населённый пункт", exact=True).fill("Талгар")
    page.get_by_label("Оплата от").fill("200 000")
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Подтвердить", exact=True).click()
    page.get_by_label("Места по квоте").fill("1")
    page.get_by_role("button", name="Опубликовать вакансию").click()
    expect(page.get_by_text("опубликована").first).to_be_visible()
    check(page)
    page.goto("/desk")
    expect(page.get_by_role("link", name="электросварщик")).to_be_visible()


def _refuse_in_one_click(page: Page) -> None:
    card = page.get_by_role("region", name="Дана")
    card.get_by_text("Не принят: назовите причину одним нажатием").click()
    check(page)
    card.get_by_role("button", name="не подходит квалификация").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_text("отказ работодателя").first).to_be_visible()
    page.goto("/desk")
    expect(page.get_by_role("link", name="Дана", exact=True)).to_have_count(0)


def _hire_and_prove(page: Page, tmp_path: Path) -> None:
    page.get_by_role("region", name="Айгерім").get_by_role(
        "link", name="Сообщить о договоре"
    ).click()
    page.get_by_label("Номер договора").fill("15")
    page.get_by_label("Оплата в месяц").fill("180 000")
    page.get_by_role("button", name="Сообщить о договоре").click()
    page.goto("/desk")
    page.get_by_role("link", name="Перевод, неявка, уход").click()
    expect(page.get_by_role("button", name="Сообщить о переводе")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Отправить документ об этом").click()
    check(page)
    scan = tmp_path / "contract.pdf"
    scan.write_bytes(PDF)
    page.get_by_label("Что это").select_option("contract")
    page.get_by_label("Файл").set_input_files(scan)
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Трудовой договор")
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Открыть файл").click()
    assert download.value.path().read_bytes() == PDF
    page.goto("/evidence")
    check(page)


def _leave(page: Page) -> None:
    page.goto("/desk")
    page.get_by_role("link", name="Айгерім", exact=True).click()
    page.get_by_role("combobox", name="Причина").select_option("own_wish")
    page.get_by_role("button", name="Работа завершена").click()
    expect(page.get_by_text("по собственному желанию").first).to_be_visible()


def _pause(page: Page) -> None:
    page.goto("/desk")
    page.get_by_label("Не больше людей").fill("3")
    page.get_by_role("button", name="Установить предел").click()
    expect(page.get_by_label("Не больше людей")).to_have_value("3")
    page.get_by_label("Причина").fill("ремонт цеха")
    page.get_by_role("button", name="Приостановить", exact=True).click()
    expect(page.get_by_text("ремонт цеха")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Снять паузу").click()
    expect(page.get_by_text("ремонт цеха")).to_have_count(0)
