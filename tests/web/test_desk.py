"""The employer's desk as pages: obligations, answers in one click, limits, pauses, invitations, papers."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from matching.candidates import Candidate
from matching.placements import Placement
from matching.referrals import Referral
from quota import annexes, slots
from quota.accounts import Account
from quota.centres import BodyKind
from quota.clauses import Rule
from quota.decrees import Decree, Line, add_decree
from quota.desks import DeskPause
from quota.employers import Employer
from quota.evidence import Evidence
from quota.invitations import DeskInvitation
from quota.places import load_places
from quota.rights import ACCOUNT_ROLES, SYSTEM, Role
from tests.factories import make_account, make_body, make_employer, make_slots
from tests.matching.journey import Journey

PDF = b"%PDF-1.7 payroll of the month"
FILE = {"file": ("Айгерім Сапарова.pdf", PDF, "application/pdf")}
PASSWORD = "steppe-wind-42"


@pytest.fixture
def firm(fill, sign_in, now) -> dict[str, Any]:
    """An employer with one person on the way, and everybody who may come near."""
    with fill() as session:
        load_places(session)
        journey = Journey(session, now, supervised=False)
        referral = journey.issue()
        other = make_employer(session, centre_id=journey.centre.id)
        accounts = {
            "boss": make_account(
                session, Role.EMPLOYER, employer_id=journey.employer.id, locale="en"
            ),
            "rival": make_account(session, Role.EMPLOYER, employer_id=other.id, locale="en"),
            "staff": make_account(session, Role.STAFF, centre_id=journey.centre.id, locale="en"),
            "far": make_account(session, Role.STAFF, locale="en"),
            "prosecutor": make_account(session, Role.PROSECUTOR, locale="en"),
        }
    return {
        "employer": journey.employer.key,
        "referral": f"/referrals/{referral.key}",
        "managed": f"/employers/{journey.employer.key}/desk",
        **{name: sign_in(account) for name, account in accounts.items()},
    }


def one(fill, table: Any, **where: Any) -> Any:
    with fill() as session:
        return session.scalars(select(table).filter_by(**where)).one()


def hire(firm, fill) -> str:
    answer = firm["boss"].submit(
        firm["referral"],
        step="hire",
        number="15",
        signed_on="2026-11-23",
        starts_on="2026-11-23",
        pay="180 000",
    )
    assert answer.status_code == 303, answer.text
    return f"/placements/{one(fill, Placement).key}"


def send(firm, who: str = "boss", query: str = "", **given: str) -> Any:
    data = {"kind": "payroll", "on": "2026-11-20"} | given
    return firm[who].submit(f"/evidence/new{query}", files=FILE, **data)


def test_the_desk_tells_who_comes_and_answers_in_one_click(firm, fill) -> None:
    page = firm["boss"].get("/desk").text
    assert "Айгерім" in page and "Сапарова" not in page
    assert "5 working days left" in page
    assert "0 of 1 places filled" in page and "on the way: 1" in page
    assert 'name="reason" value="qualification"' in page
    done = firm["boss"].submit(firm["referral"], step="refuse", reason="qualification")
    assert done.status_code == 303
    assert one(fill, Referral).state == "refused"


def test_the_gauge_tells_owed_filled_credit_and_term(firm, fill, now) -> None:
    before, employer = now - timedelta(days=100), one(fill, Employer, key=firm["employer"])
    decree = Decree(akimat="А", title="", number="7", dated=date(2026, 1, 20))
    decree.centre_id, decree.territory = employer.centre_id, employer.territory
    with fill() as session:
        rule = Rule(category="probation", grace_months=6)
        add_decree(session, SYSTEM, decree, [rule], now=before)
        line = Line(category="probation", stated=2, excluded=0)
        annexes.enter_line(session, SYSTEM, decree, employer, line, now=before)
        slot, at = annexes.list_line_slots(session, line)[0], {"on": before.date(), "now": before}
        slots.count_opening(session, SYSTEM, slot, document="д", **at)
    page = firm["boss"].get("/desk").text
    for said in ("by 20 Jul 2026", "100 of 200", "1 of 2 places filled, credit by days: 50"):
        assert said in page


def test_every_reason_has_its_button_and_none_that_is_retired(firm) -> None:
    page = firm["boss"].get(firm["referral"]).text
    for code in ("health", "vacancy_filled", "record_itself", "no_ground"):
        assert f'name="reason" value="{code}"' in page
    assert 'value="not_needed"' not in page
    bare = firm["boss"].submit(firm["referral"], step="refuse")
    assert bare.status_code == 422 and 'id="reason"' in bare.text


@pytest.mark.parametrize("who", ["boss", "staff"])
def test_both_sides_set_a_limit_and_pause(firm, fill, who: str) -> None:
    path = "/desk" if who == "boss" else firm["managed"]
    visitor = firm[who]
    assert visitor.submit(path, step="limit", most_sent="2").status_code == 303
    assert one(fill, Employer, key=firm["employer"]).most_sent == 2
    assert 'value="2"' in visitor.get(path).text
    faulty = visitor.submit(path, step="pause", starts_on="2026-11-01", reason="")
    assert faulty.status_code == 422 and "2 things do not fit" in faulty.text
    asked = {"starts_on": "2026-11-23", "ends_on": "2026-12-01", "reason": "stocktaking"}
    assert visitor.submit(path, step="pause", **asked).status_code == 303
    assert "stocktaking" in visitor.get(path).text
    assert visitor.submit(path, step="pause", **asked).status_code == 409
    pause = one(fill, DeskPause)
    assert visitor.submit(path, step="resume", pause=pause.key).status_code == 303
    assert "stocktaking" not in visitor.get(path).text.split("<h2>History")[0]
    assert visitor.submit(path, step="limit", most_sent="").status_code == 303
    assert one(fill, Employer, key=firm["employer"]).most_sent is None
    assert visitor.submit(path, step="limit", most_sent="0").status_code == 422
    assert visitor.submit(path, step="nonsense").status_code == 422


def invite(firm) -> str:
    answer = firm["staff"].submit(f"{firm['managed']}/invite")
    assert answer.status_code == 200, answer.text
    start = answer.text.index("/invitation/")
    return answer.text[start:].split("<")[0]


def test_the_one_big_step_is_what_is_due_first(firm, fill, clock, sign_in) -> None:
    boss = firm["boss"]

    def step() -> str:
        head = boss.get("/desk").text.split('<div class="page-head">')[1]
        return head.split("</div>")[0]

    assert "Answer for Айгерім" in step() and f'href="{firm["referral"]}"' in step()
    assert firm["boss"].submit(firm["referral"], step="accept").status_code == 303
    assert "Report the hire of Айгерім" in step()
    placement = hire(firm, fill)
    assert "button" not in step(), "all is done"
    with fill() as session:
        make_slots(
            session, session.scalars(select(Employer).filter_by(key=firm["employer"])).one(), 2
        )
    assert "List a vacancy for 2 free places" in step() and "/vacancies/new?employer=" in step()
    clock.now += timedelta(days=40)
    boss = sign_in(boss.account)
    assert "Confirm the work of Айгерім" in step() and f'href="{placement}"' in step()


def test_an_invitation_opens_an_account_once(firm, fill, visit) -> None:
    path = invite(firm)
    guest = visit()
    page = guest.get(path)
    assert page.status_code == 200 and one(fill, Employer, key=firm["employer"]).name in page.text
    assert one(fill, DeskInvitation).state == "open", "opening the link changes nothing"
    chosen = {"name": "Бауыржан", "login": "new.firm", "password": "short", "locale": "ru"}
    refused = guest.submit(path, **chosen)
    assert refused.status_code == 422 and "short" not in refused.text.replace("too_short", "")
    joined = guest.submit(path, **chosen | {"password": PASSWORD})
    assert (joined.status_code, joined.headers["location"]) == (303, "/desk")
    assert "Менің" not in guest.get("/desk").text
    account = one(fill, Account, login="new.firm")
    assert (account.role, account.locale) == ("employer", "ru")
    assert visit().get(path).status_code == 404
    again = visit().submit(path, **chosen | {"login": "second", "password": PASSWORD})
    assert again.status_code == 404
    assert "Бауыржан" in firm["staff"].get(f"/employers/{firm['employer']}").text


def test_staff_withdraw_an_invitation(firm, fill, visit) -> None:
    path = invite(firm)
    key = one(fill, DeskInvitation).key
    done = firm["staff"].submit(f"{firm['managed']}/withdraw", invitation=key)
    assert done.status_code == 303
    assert visit().get(path).status_code == 404
    assert "withdrawn" in firm["staff"].get(firm["managed"]).text
    twice = firm["staff"].submit(f"{firm['managed']}/withdraw", invitation=key)
    assert twice.status_code == 409


def test_guessing_an_invitation_is_slowed_down(firm, client, clock) -> None:
    for _ in range(20):
        assert client.get("/invitation/guessed").status_code == 404
    path = invite(firm)
    assert client.get(path).status_code == 200, (
        "others behind the address have nothing to do with it"
    )
    wrong = path[:-1] + ("2" if path[-1] != "2" else "3")
    for _ in range(5):
        assert client.get(wrong).status_code == 404
    late = client.get(path)
    assert late.status_code == 429 and int(late.headers["retry-after"]) > 0
    clock.now += timedelta(minutes=16)
    assert client.get(path).status_code == 200


def test_an_invitation_out_of_date_opens_nothing(firm, client, clock) -> None:
    path = invite(firm)
    clock.now += timedelta(days=15)
    assert client.get(path).status_code == 404


def test_a_paper_goes_from_the_employer_to_staff_and_back(firm, fill, now) -> None:
    placement = hire(firm, fill)
    form = firm["boss"].get(f"/evidence/new?about={placement.split('/')[-1]}").text
    assert "Айгерім" in form and "Сапарова" not in form
    sent = send(firm, about=placement.split("/")[-1], note="October")
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"]
    paper = one(fill, Evidence)
    assert paper.slot_id == one(fill, Placement).slot_id
    assert "paper of an employer to look at" in firm["staff"].get("/").text
    for who in ("boss", "staff", "prosecutor"):
        answer = firm[who].get(f"{path}/file")
        assert (answer.status_code, answer.content) == (200, PDF), who
        assert "Айгерім" not in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
        assert "Extract from the payroll" in firm[who].get("/evidence").text
        shown = firm[who].get(path)
        assert shown.status_code == 200 and "October" in shown.text, who
    assert "Айгерім" not in firm["prosecutor"].get(path).text
    assert "Айгерім" in firm["boss"].get(path).text
    with fill() as session:
        session.scalars(select(Candidate)).one().blocked_at = now
    for shown in (path, placement, "/desk", f"/evidence/new?about={placement.split('/')[-1]}"):
        told = firm["boss"].get(shown).text
        assert "Айгерім" not in told and "not disclosed" in told, shown
    assert firm["staff"].submit(path, step="send_back", reason="").status_code == 422
    back = firm["staff"].submit(path, step="send_back", reason="no stamp")
    assert back.status_code == 303
    assert "no stamp" in firm["boss"].get("/desk").text
    assert "paper that came back to you" in firm["boss"].get("/").text
    assert firm["boss"].submit(path, step="withdraw").status_code == 303
    assert firm["staff"].get(f"{path}/file").status_code == 404


def test_nobody_else_comes_near_a_paper(firm, fill, sign_in) -> None:
    hire(firm, fill)
    path = send(firm).headers["location"]
    with fill() as session:
        far = make_body(session, BodyKind.PROSECUTOR, territory="/750000000/")
        elsewhere = make_account(session, Role.PROSECUTOR, body_id=far.id)
    for visitor in (firm["rival"], firm["far"], sign_in(elsewhere)):
        assert [visitor.get(p).status_code for p in (path, f"{path}/file")] == [404, 404]
        assert path not in visitor.get("/evidence").text
    for who in ("rival", "far"):
        assert firm[who].submit(path, step="withdraw").status_code == 404
    assert firm["rival"].submit(path, step="accept").status_code == 403
    assert firm["prosecutor"].submit(path, step="accept").status_code == 403
    stranger = send(firm, "far", query=f"?employer={firm['employer']}")
    assert stranger.status_code == 404
    foreign = send(firm, "rival", about=one(fill, Placement).key)
    assert foreign.status_code == 422
    assert send(firm, "staff", query=f"?employer={firm['employer']}").status_code == 303


def test_a_file_that_is_none_is_refused_beside_its_field(firm, fill) -> None:
    for content in (b"", b"MZ"):
        answer = firm["boss"].submit(
            "/evidence/new",
            files={"file": ("a.pdf", content, "application/pdf")},
            kind="payroll",
            on="2026-11-20",
        )
        assert answer.status_code == 422, content
    nothing = firm["boss"].submit("/evidence/new", kind="nonsense", on="")
    assert nothing.status_code == 422
    with fill() as session:
        assert session.scalars(select(Evidence)).all() == []


def test_the_employer_reports_transfer_absence_and_leaving(firm, fill) -> None:
    path = hire(firm, fill)
    boss = firm["boss"]
    assert "Transfer, absence, leaving" in boss.get("/desk").text
    faulty = boss.submit(path, step="move", post="", moved_on="2027-01-01", pay="1")
    assert faulty.status_code == 422
    moved = boss.submit(path, step="move", post="Бригадир", moved_on="2026-11-23", pay="220 000")
    assert moved.status_code == 303
    assert "Бригадир" in boss.get("/desk").text and "220" in boss.get(path).text
    assert boss.submit(path, step="undo_move", note="by mistake").status_code == 303
    assert boss.submit(path, step="report_absence").status_code == 303
    ended = boss.submit(path, step="end", reason="own_wish", on="2026-11-23")
    assert ended.status_code == 303
    assert one(fill, Placement).state == "ended"
    assert (
        boss.submit(path, step="move", post="x", moved_on="2026-11-23", pay="200000").status_code
        == 409
    )
    assert firm["rival"].submit(path, step="end").status_code == 404


DOORS = {
    ("GET", "/desk"): {Role.EMPLOYER},
    ("POST", "/desk"): {Role.EMPLOYER},
    ("GET", "/evidence"): {Role.EMPLOYER, Role.STAFF, Role.PROSECUTOR},
    ("GET", "/evidence/nothing"): {Role.EMPLOYER, Role.STAFF, Role.PROSECUTOR},
    ("GET", "/evidence/nothing/file"): {Role.EMPLOYER, Role.STAFF, Role.PROSECUTOR},
    ("POST", "/evidence/nothing"): {Role.EMPLOYER, Role.STAFF},
    ("GET", "/evidence/new?employer=nothing"): {Role.EMPLOYER, Role.STAFF},
    ("POST", "/evidence/new?employer=nothing"): {Role.EMPLOYER, Role.STAFF},
    ("GET", "/employers/nothing/desk"): {Role.STAFF},
    ("POST", "/employers/nothing/desk"): {Role.STAFF},
    ("POST", "/employers/nothing/desk/invite"): {Role.STAFF},
    ("POST", "/employers/nothing/desk/withdraw"): {Role.STAFF},
}


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_handler_opens_to_its_roles_alone(sign_in, role: Role) -> None:
    visitor = sign_in(role)
    for (method, path), roles in DOORS.items():
        ask = visitor.get if method == "GET" else visitor.submit
        status = ask(path).status_code
        assert (status in (200, 404, 422)) == (role in roles), (role, method, path, status)
        assert role in roles or status == 403


def test_another_centre_s_staff_find_no_desk(firm) -> None:
    path = firm["managed"]
    assert firm["far"].get(path).status_code == 404
    for action in ("", "/invite", "/withdraw"):
        answer = firm["far"].submit(f"{path}{action}", step="limit", most_sent="1")
        assert answer.status_code == 404, action


def test_a_filtered_list_equals_the_reloaded_one(firm, fill) -> None:
    send(firm)
    for path in ("/evidence?state=waiting", "/evidence?state=accepted"):
        part = firm["staff"].swap(path).text.strip()
        assert part and part in firm["staff"].get(path).text


def test_the_desk_asks_the_same_of_one_paper_and_of_three(firm, count_queries) -> None:
    counts = []
    for _ in range(3):
        send(firm)
        with count_queries() as asked:
            assert firm["boss"].get("/desk").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[-1]
