"""Inspections on pages: the prosecutor's, the drawn employer's, the centre's, and the open page of a draw."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quota.cases import Case, Inspection
from quota.centres import BodyKind
from quota.inspections import Campaign
from quota.journal import Entry
from quota.rights import ACCOUNT_ROLES, Role
from quota.sampling import draw, read_frame
from tests.factories import make_account, make_body
from tests.matching.journey import Journey

NAME = "Айгерім"
PDF = ("payroll.pdf", b"%PDF-1.7 invented", "application/pdf")
READERS = (Role.STAFF, Role.PROSECUTOR, Role.EMPLOYER)


@pytest.fixture
def journey(fill, now) -> Journey:
    with fill() as session:
        journey = Journey(session, now)
        journey.hire()
    return journey


@pytest.fixture
def prosecutor(sign_in):
    return sign_in(Role.PROSECUTOR)


@pytest.fixture
def firm(sign_in, fill, journey):
    with fill() as session:
        account = make_account(session, Role.EMPLOYER, employer_id=journey.employer.id, locale="en")
    return sign_in(account)


@pytest.fixture
def drawn(prosecutor, journey, fill, clock) -> str:
    """The address of the one drawn employer's inspection."""
    clock.now += timedelta(hours=1)
    day = clock.now.date()
    asked = {"since": (day - timedelta(days=30)).isoformat(), "until": day.isoformat()}
    answer = prosecutor.submit(
        "/inspections/campaigns/new", title="Autumn", size="5", cases_each="3", **asked
    )
    address = answer.headers["location"]
    assert prosecutor.submit(address, step="draw", seed="lottery 7").status_code == 303
    with fill() as session:
        return f"/inspections/{session.scalar(select(Inspection.key))}"


def case_of(fill) -> str:
    with fill() as session:
        return session.scalar(select(Case.key))


def test_a_campaign_is_walked_from_the_draw_to_the_measure(
    drawn, prosecutor, firm, fill, journey
) -> None:
    assert "You were drawn by lot" in firm.get(drawn).text
    assert firm.submit(drawn, step="submit", note="").status_code == 422
    assert firm.submit(drawn, step="attach", title="pay", files={"file": PDF}).status_code == 303
    assert firm.submit(drawn, step="submit", note="all in order").status_code == 303
    assert "frozen" in firm.get(drawn).text
    assert firm.submit(drawn, step="attach", files={"file": PDF}).status_code == 409

    case = case_of(fill)
    assert "all in order" in prosecutor.get(drawn).text
    assert prosecutor.submit(drawn, step="conclude").status_code == 409
    assert prosecutor.submit(drawn, step="judge", case=case, doubt="no_pay").status_code == 303
    assert "Put the doubts to the employer" in prosecutor.get(drawn).text
    assert prosecutor.submit(drawn, step="conclude", measure="remark").status_code == 303
    assert "nothing is found before your reply is read" in firm.get(drawn).text
    assert "no pay is shown" in firm.get(drawn).text
    assert firm.submit(drawn, step="submit", note="see the bank").status_code == 303
    assert prosecutor.submit(drawn, step="conclude").status_code == 422
    found = prosecutor.submit(drawn, step="conclude", measure="representation")
    assert found.status_code == 303
    assert "representation of the prosecutor" in firm.get(drawn).text
    back = prosecutor.submit(drawn, step="take_back", reason="a wrong measure")
    assert back.status_code == 303
    assert "reply being read" in prosecutor.get("/inspections").text


def test_the_person_behind_a_job_opens_on_a_purpose_and_is_written_down(
    drawn, prosecutor, fill
) -> None:
    case = case_of(fill)
    assert NAME not in prosecutor.get(drawn).text
    refused = prosecutor.submit(drawn, step="reveal", case=case, purpose=" ")
    assert (refused.status_code, NAME in refused.text) == (422, False)
    answer = prosecutor.submit(drawn, step="reveal", case=case, purpose="check the pay sheet")
    assert (answer.status_code, NAME in answer.text) == (200, True)
    with fill() as session:
        seen = session.scalars(select(Entry).where(Entry.verb == "reveal_job")).all()
        assert [(one.reason, one.role) for one in seen] == [("check the pay sheet", "prosecutor")]


def test_a_case_of_an_ended_campaign_stays_shut(drawn, prosecutor, fill) -> None:
    case = case_of(fill)
    with fill() as session:
        campaign = f"/inspections/campaigns/{session.scalar(select(Campaign.key))}"
    assert prosecutor.submit(campaign, step="close", reason="").status_code == 422
    assert prosecutor.submit(campaign, step="close", reason="done").status_code == 303
    answer = prosecutor.submit(drawn, step="reveal", case=case, purpose="check the pay sheet")
    assert (answer.status_code, NAME in answer.text) == (409, False)


def test_evidence_goes_to_inspectors_and_its_employer_alone(
    drawn, prosecutor, firm, sign_in, fill, journey
) -> None:
    firm.submit(drawn, step="attach", title="pay sheet of May", files={"file": PDF})
    address = firm.get(drawn).text.split('href="' + drawn + "/files/")[1].split('"')[0]
    file = f"{drawn}/files/{address}"
    assert firm.get(file).content == PDF[1]
    assert prosecutor.get(file).content == PDF[1]
    with fill() as session:
        own = make_account(session, Role.STAFF, centre_id=journey.centre.id, locale="en")
    staff = sign_in(own)
    assert "pay sheet of May" not in staff.get(drawn).text
    assert staff.get(file).status_code == 403
    assert sign_in(Role.EMPLOYER).get(file).status_code == 404
    assert sign_in(Role.EMPLOYER).get(drawn).status_code == 404
    wrong = firm.submit(drawn, step="attach", files={"file": ("a.exe", b"MZ", "x/y")})
    assert wrong.status_code == 422


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_is_let_in_or_not(role: Role, drawn, sign_in, fill) -> None:
    with fill() as session:
        campaign = f"/inspections/campaigns/{session.scalar(select(Campaign.key))}"
    visitor = sign_in(role)
    assert visitor.get("/inspections").status_code == (200 if role in READERS else 403)
    runs = role is Role.PROSECUTOR
    for path in (campaign, "/inspections/campaigns/new"):
        assert visitor.get(path).status_code == (200 if runs else 403)
    if not runs:
        for path in (campaign, "/inspections/campaigns/new"):
            assert visitor.submit(path, step="close", reason="x").status_code == 403
        if role is not Role.EMPLOYER:
            assert visitor.submit(drawn, step="conclude").status_code == 403


def test_another_territory_s_prosecutor_finds_nothing(drawn, sign_in, fill) -> None:
    with fill() as session:
        campaign = f"/inspections/campaigns/{session.scalar(select(Campaign.key))}"
        body = make_body(session, BodyKind.PROSECUTOR, territory="/750000000/")
        far = make_account(session, Role.PROSECUTOR, body_id=body.id, locale="en")
    visitor = sign_in(far)
    assert visitor.get(campaign).status_code == visitor.get(drawn).status_code == 404
    assert "Autumn" not in visitor.get("/inspections").text


def test_the_open_page_is_enough_to_draw_again_and_names_nobody(
    drawn, client, fill, journey
) -> None:
    with fill() as session:
        campaign = session.scalar(select(Campaign))
        code, size = campaign.code, campaign.size
    text = client.get(f"/draws/{code}").text
    frame = client.get(f"/draws/{code}/frame.csv").content
    again = draw(read_frame(frame), seed="lottery 7", size=size)
    assert again == (journey.employer.key,)
    assert f"<code>{again[0]}</code>" in text
    for private in (journey.employer.name, journey.employer.identifier, NAME):
        assert private not in text and private not in frame.decode()
    assert client.get("/draws/abcdefghijkm").status_code == 404


def test_lists_ask_the_same_of_one_and_of_three(drawn, prosecutor, fill, count_queries) -> None:
    prosecutor.get("/inspections")  # the message of the draw is taken
    with count_queries() as one:
        prosecutor.get("/inspections")
    with fill() as session:
        first = session.scalar(select(Inspection))
        for _ in range(2):
            session.add(
                Inspection(
                    campaign_id=first.campaign_id,
                    employer_id=first.employer_id,
                    stratum=first.stratum,
                    patterns=[],
                    due_on=first.due_on,
                )
            )
    with count_queries() as three:
        prosecutor.get("/inspections")
    assert len(one) == len(three)


def test_today_says_what_waits_on_whom(drawn, prosecutor, firm) -> None:
    assert "inspection that waits for evidence" in firm.get("/").text
    assert "inspection with an employer" in prosecutor.get("/").text
    firm.submit(drawn, step="submit", note="all in order")
    assert "inspection to read" in prosecutor.get("/").text
    assert "wait for evidence" not in firm.get("/").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "title"),
        ({"size": "many"}, "size"),
        ({"size": "0"}, "size"),
        ({"until": "2999-01-01"}, "until"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused_beside_the_field(
    prosecutor, changed, said
) -> None:
    asked = {"since": "2026-09-01", "until": "2026-09-30", "size": "5", "cases_each": "3"}
    answer = prosecutor.submit(
        "/inspections/campaigns/new", **({"title": "Autumn", **asked} | changed)
    )
    assert answer.status_code == 422
    assert f'id="{said}-fault"' in answer.text
