"""Memoranda, decrees, places, meetings, and merging as pages."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from quota.annexes import Exemption
from quota.contacts import Contact
from quota.decrees import Decree, Line
from quota.employers import Basis, Employer
from quota.installation import mark_demonstration
from quota.meetings import Meeting
from quota.memoranda import Memorandum, Pledge
from quota.places import load_places
from quota.rates import load_rates
from quota.rights import ACCOUNT_ROLES, Role
from quota.slots import Slot, SlotEvent
from tests.factories import make_account, make_centre, make_employer

PDF = b"%PDF-1.7 signed"
PAPER = {"number": "17", "signed_on": "2026-11-01", "ends_on": "2027-10-31", "pledged": "3"}


@pytest.fixture
def desk(fill, sign_in) -> dict[str, Any]:
    with fill() as session:
        load_places(session)
        load_rates(session)
        mark_demonstration(session)
        centre = make_centre(session)
        employer = make_employer(session, centre_id=centre.id)
        other = make_employer(session, centre_id=centre.id)
        account = make_account(session, Role.STAFF, centre_id=centre.id, locale="en")
        own = make_account(session, Role.EMPLOYER, employer_id=employer.id, locale="en")
    return {
        "employer": employer,
        "other": other,
        "page": f"/employers/{employer.key}",
        "staff": sign_in(account),
        "own": sign_in(own),
    }


def one(fill, table: Any, **where: Any) -> Any:
    with fill() as session:
        return session.scalars(select(table).filter_by(**where)).one()


def send(visitor: Any, path: str, **data: Any) -> str:
    answer = visitor.submit(path, **data)
    assert answer.status_code == 303, answer.text
    location: str = answer.headers["location"]
    return location


def states(fill) -> list[str]:
    with fill() as session:
        return sorted(session.scalars(select(Slot.state)))


def test_a_memorandum_from_draft_to_end_and_back(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, f"{desk['page']}/memoranda/new", **PAPER)
    send(staff, page, step="add_line", number="2", title="сварщик", place="Талгар")
    send(staff, page, step="add_line", number="1", title="")
    refused = staff.submit(page, step="add_line", number="1")
    assert refused.status_code == 422 and "still without a line" in refused.text
    assert states(fill) == []
    send(staff, page, step="sign")
    assert states(fill) == ["open"] * 3
    for step, expected in (("suspend", "closed"), ("resume", "open"), ("end", "closed")):
        send(staff, page, step=step, reason="the contract stands still")
        assert states(fill) == [expected] * 3
    assert staff.submit(page, step="suspend", reason="x").status_code == 409
    send(staff, page, step="undo_end", reason="a mistake")
    assert states(fill) == ["open"] * 3
    shown = staff.get(page).text
    assert shown.count('data-state="open" data-tone="plain" href') == 3
    assert "ending taken back" in shown


def test_a_draft_s_line_can_be_removed_and_a_pledge_may_grow(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, f"{desk['page']}/memoranda/new", **PAPER)
    send(staff, page, step="add_line", number="2", title="сварщик")
    send(staff, page, step="remove_line", line=one(fill, Pledge).key)
    send(staff, page, step="sign")
    send(staff, f"{page}/edit", **{**PAPER, "pledged": "5"})
    assert states(fill) == ["open"] * 5
    assert staff.submit(f"{page}/edit", **{**PAPER, "pledged": "4"}).status_code == 422
    assert staff.submit(f"{page}/edit", **{**PAPER, "number": ""}).status_code == 422
    assert "17" in staff.get(f"{page}/edit").text


def test_a_scan_is_attached_guarded_and_taken_off(desk, fill, sign_in, app, tmp_path) -> None:
    staff, own = desk["staff"], desk["own"]
    page = send(staff, f"{desk['page']}/memoranda/new", **PAPER)
    files = {"file": ("скан.pdf", PDF, "application/pdf")}
    answer = staff.submit(page, step="attach", title="Қол қойылған", files=files)
    assert answer.status_code == 303, answer.text
    [address] = [
        part.split('"')[0] for part in staff.get(page).text.split('href="') if "/files/" in part
    ]
    got = staff.get(address)
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith('attachment; filename="memoranda-')
    assert own.get(address).content == PDF
    assert sign_in(Role.STAFF).get(address).status_code == 404
    assert sign_in(Role.CLERK).get(address).status_code == 403
    fake = {"file": ("скан.pdf", b"MZ\x90", "application/pdf")}
    assert staff.submit(page, step="attach", files=fake).status_code == 422
    assert staff.submit(page, step="attach").status_code == 422
    send(staff, page, step="detach", attached=address.split("/")[-1], reason="the wrong one")
    assert staff.get(address).status_code == 404


def test_memoranda_about_to_end_are_reminded_of(desk, clock) -> None:
    staff = desk["staff"]
    page = send(staff, f"{desk['page']}/memoranda/new", **{**PAPER, "ends_on": "2027-01-10"})
    assert page not in staff.get("/memoranda").text
    send(staff, page, step="sign")
    assert page in staff.get("/memoranda").text
    clock.now -= timedelta(days=20)
    assert page not in staff.get("/memoranda").text


def test_a_decree_with_clauses_and_an_annex(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, "/decrees/new", akimat="Талгарский район", kind="decree_rule", number="7")
    tiers = ((50, 100, "2"), (100, 250, "3"))
    for low, high, share in tiers:
        send(
            staff,
            page,
            step="add_clause",
            category="probation",
            headcount_from=low,
            headcount_to=high,
            per_cent=share,
            rounding="down",
        )
    assert "share a headcount" in staff.get(page).text
    number = one(fill, Employer, id=desk["employer"].id).identifier
    row = {"identifier": number, "category": "probation", "headcount": "100", "stated": "4"}
    send(staff, page, step="add_row", **row)
    line = one(fill, Line)
    assert (line.computed, line.computed_to, line.difference) == (2, 3, 1)
    assert states(fill) == ["open"] * 4
    shown = staff.get(page).text
    assert "2–3" in shown and "+1" in shown
    assert staff.submit(page, step="add_row", **row).status_code == 422
    assert staff.submit(page, step="add_clause", category="x", per_cent="200").status_code == 422
    assert desk["own"].get(page).status_code == 200
    assert "Талгарский" in staff.get("/decrees").text


def test_a_line_is_let_off_with_a_document_and_owed_again(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, "/decrees/new", akimat="A", kind="decree_rule")
    number = one(fill, Employer, id=desk["employer"].id).identifier
    wrong = {"identifier": number, "category": "probation", "new_category": "relesed"}
    refused = staff.submit(page, step="add_row", **wrong)
    assert refused.status_code == 422
    assert "Perhaps released is meant" in refused.text
    assert 'value="relesed"' in refused.text, "what was typed stays"
    send(staff, page, step="add_row", identifier=number, category="released", stated="2")
    line = f"/decree-lines/{one(fill, Line).key}"
    let_off = {"step": "exempt", "excuse": "staff_cut", "starts_on": "2026-11-01"}
    assert staff.submit(line, **let_off).status_code == 422
    send(staff, line, **let_off, document="order No. 5")
    assert states(fill) == ["closed"] * 2
    assert staff.submit(line, **let_off, document="again").status_code == 409
    send(staff, line, step="lift", reason="the firm grows again")
    assert states(fill) == ["open"] * 2 and one(fill, Exemption).lifted_at
    told = {"headcount": "200", "per_cent": "1,5", "named": "ТОО А", "reference": "7"}
    send(staff, line, step="amend", stated="3", **told)
    assert states(fill) == ["open"] * 3
    kept = one(fill, Line)
    assert (kept.basis_points, kept.computed, kept.named, kept.reference) == (150, 3, "ТОО А", "7")
    assert 'value="1.5"' in staff.get(line).text
    assert staff.submit(line, step="amend", stated="3", per_cent="x").status_code == 422
    assert staff.submit(line, step="amend", stated="1").status_code == 422


def test_an_act_keeps_what_it_leaves_out_and_can_be_changed(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, "/decrees/new", akimat="Каратальский район", kind="decree_header_only")
    send(staff, page, step="add_clause", category="disabled", rounding="down")
    assert "left open" in staff.get(page).text
    changed = {"akimat": "Каратальский район", "kind": "decree_header_only", "status": "repealed"}
    send(staff, f"{page}/edit", **changed)
    assert one(fill, Decree).status == "repealed"
    assert staff.submit(f"{page}/edit", **{**changed, "akimat": ""}).status_code == 422
    assert staff.submit(f"{page}/edit", **{**changed, "kind": "rumour"}).status_code == 422


def test_a_place_shows_its_history_and_is_counted_closed_and_reopened(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, f"{desk['page']}/memoranda/new", **PAPER)
    send(staff, page, step="sign")
    with fill() as session:
        first, second, _ = (f"/slots/{key}" for key in session.scalars(select(Slot.key)))
    assert staff.submit(first, step="count_opening", on="2026-10-01").status_code == 422
    send(staff, first, step="count_opening", on="2026-10-01", document="staff list No. 3")
    send(staff, second, step="close", reason="the line was sold")
    send(staff, second, step="reopen", reason="it was bought back")
    assert states(fill) == ["filled", "open", "open"]
    assert "staff list No. 3" in staff.get(first).text
    assert desk["own"].get(first).status_code == 200
    assert desk["own"].submit(second, step="close", reason="x").status_code == 403


def test_bases_contacts_and_meetings_belong_to_the_page(desk, fill) -> None:
    staff, page = desk["staff"], desk["page"]
    send(staff, f"{page}/bases/new", kind="subsidy", number="S-1", amount="48 000 000")
    assert one(fill, Basis).amount == 48_000_000
    assert staff.submit(f"{page}/bases/new", kind="bribe").status_code == 422
    send(staff, f"{page}/contacts/new", name="Сауле", phone="+7 700 000 00 00")
    contact = one(fill, Contact)
    send(staff, f"/contacts/{contact.key}", step="save", name="Сәуле", post="директор")
    send(staff, f"/contacts/{contact.key}", step="dismiss")
    assert staff.submit(f"/contacts/{contact.key}", step="dismiss").status_code == 409
    send(staff, f"/contacts/{contact.key}", step="recall")
    meeting = {"kind": "visit", "day": "2026-11-20", "hour": "10:00", "contact": contact.key}
    send(staff, f"{page}/meetings/new", **meeting, outcome="agreed", note="two welders")
    assert one(fill, Meeting).state == "held"
    assert staff.submit(f"{page}/meetings/new", **{**meeting, "hour": "утром"}).status_code == 422
    shown = staff.get(page).text
    assert "Сәуле" in shown and "two welders" in shown and "48,000,000" in shown


def test_a_planned_meeting_is_held_cancelled_and_taken_back(desk, fill) -> None:
    staff = desk["staff"]
    assert desk["employer"].name in staff.get("/meetings").text
    send(staff, f"{desk['page']}/meetings/new", kind="call", day="2026-11-23", hour="11:00")
    meeting = f"/meetings/{one(fill, Meeting).key}"
    assert meeting in staff.get("/meetings").text
    assert staff.submit(meeting, step="cancel").status_code == 422
    send(staff, meeting, step="cancel", reason="they are away")
    send(staff, meeting, step="undo", reason="they are back")
    assert staff.submit(meeting, step="hold").status_code == 422
    send(staff, meeting, step="hold", outcome="undecided")
    assert "Undecided" in staff.get(meeting).text


def test_two_records_become_one_and_two_again(desk, fill) -> None:
    staff, other = desk["staff"], desk["other"]
    page = f"{desk['page']}/merge"
    assert staff.submit(page, step="merge", identifier="1", reason="r").status_code == 422
    assert staff.submit(page, step="merge", identifier=other.identifier).status_code == 422
    send(staff, page, step="merge", identifier=other.identifier, reason="one firm, two papers")
    shown = staff.get(f"/employers/{other.key}").text
    assert "This record was merged into" in shown and desk["employer"].key in shown
    assert other.name not in staff.get("/employers").text
    send(staff, f"/employers/{other.key}/merge", step="undo", reason="two firms")
    assert other.name in staff.get("/employers").text


def test_a_branch_has_a_head(desk, fill) -> None:
    staff, other = desk["staff"], desk["other"]
    record = {"name": "Филиал", "place": "Талгар", "locale": "ru", "parent": other.identifier}
    send(staff, f"{desk['page']}/edit", **record)
    assert "Branch of" in staff.get(desk["page"]).text
    assert "Филиал" in staff.get(f"/employers/{other.key}").text
    own = one(fill, Employer, id=desk["employer"].id).identifier
    for wrong in (own, "000000000000"):
        assert (
            staff.submit(f"{desk['page']}/edit", **{**record, "parent": wrong}).status_code == 422
        )


def test_the_quota_report_is_shown_and_sent(desk, fill) -> None:
    staff = desk["staff"]
    page = send(staff, f"{desk['page']}/memoranda/new", **PAPER)
    assert "No place stands" in staff.get("/reports/quota").text
    send(staff, page, step="sign")
    assert desk["employer"].name in staff.get("/reports/quota?month=2026-11").text
    assert desk["employer"].name in desk["own"].get("/reports/quota").text
    sheet = staff.get("/reports/quota?month=2026-11&format=xlsx&locale=kk")
    assert sheet.content.startswith(b"PK")
    text = staff.get("/reports/quota?month=2026-11&format=csv&locale=ru").content.decode(
        "utf-8-sig"
    )
    assert "Работодатель" in text and desk["employer"].name in text
    for wrong in ("2026-13", "1999-01", "x", "2027-01"):
        assert staff.get(f"/reports/quota?month={wrong}").status_code == 422


def test_a_report_that_does_not_add_up_is_refused_by_name(desk, fill, now) -> None:

    page = send(desk["staff"], f"{desk['page']}/memoranda/new", **PAPER)
    send(desk["staff"], page, step="sign")
    with fill() as session:
        slot = session.scalars(select(Slot)).first()
        early = now - timedelta(minutes=1)
        session.add(SlotEvent(slot_id=slot.id, at=early, verb="reopen", state_to="filled"))
    for path in ("quota", "month", "districts", "month/xlsx", "month/print?language=kk"):
        answer = desk["staff"].get(f"/reports/{path}")
        assert answer.status_code == 409
        assert desk["employer"].name in answer.text


@pytest.mark.parametrize("role", ACCOUNT_ROLES)
def test_each_role_comes_as_far_as_its_right(desk, fill, sign_in, role: Role) -> None:
    staff, visitor = desk["staff"], sign_in(role)
    memorandum = send(staff, f"{desk['page']}/memoranda/new", **PAPER)
    send(staff, memorandum, step="sign")
    decree = send(staff, "/decrees/new", akimat="A", kind="decree_rule")
    number = one(fill, Employer, id=desk["employer"].id).identifier
    send(staff, decree, step="add_row", identifier=number, category="released", stated="1")
    send(staff, f"{desk['page']}/meetings/new", kind="call", day="2026-11-23", hour="11:00")
    send(staff, f"{desk['page']}/contacts/new", name="Сауле")
    with fill() as session:
        slot = session.scalars(select(Slot.key)).first()
    inside = role in (Role.PROBATION, Role.PROSECUTOR)
    reader = inside or role in (Role.STAFF, Role.EMPLOYER)
    read = 200 if inside else 404 if reader else 403
    edit = 404 if role is Role.STAFF else 403
    for address in (memorandum, decree, f"/slots/{slot}"):
        assert visitor.get(address).status_code == read, address
        assert visitor.submit(address, step="close", reason="x").status_code == edit or (
            role is Role.STAFF
        )
    edits = [
        f"{memorandum}/edit",
        f"{decree}/edit",
        f"/decree-lines/{one(fill, Line).key}",
        f"/contacts/{one(fill, Contact).key}",
        f"/meetings/{one(fill, Meeting).key}",
        *(f"{desk['page']}/{part}/new" for part in ("bases", "contacts", "meetings", "memoranda")),
        f"{desk['page']}/merge",
    ]
    for address in edits:
        assert visitor.get(address).status_code == edit, address
    for address in ("/decrees/new", "/meetings", "/memoranda"):
        assert visitor.get(address).status_code == (200 if role is Role.STAFF else 403), address
    assert visitor.get("/decrees").status_code == (200 if reader else 403)
    assert visitor.get("/reports/quota").status_code == (200 if reader else 403)
    assert one(fill, Memorandum).state == "active"


def test_a_certificate_is_issued_and_anybody_can_verify_it(desk, fill, client) -> None:
    staff = desk["staff"]
    page = send(staff, f"/certificates/for/{desk['employer'].key}")
    shown = staff.get(page).text
    address = shown.split('class="code">http://senim.test')[1].split("<")[0]
    verified = client.get(address)
    assert verified.status_code == 200 and "This certificate is true" in verified.text
    assert desk["employer"].name not in verified.text
    assert desk["own"].get(page).status_code == 200
    assert desk["own"].submit(page, reason="x").status_code == 403
    assert staff.submit(page).status_code == 422
    send(staff, page, reason="a wrong sum")
    assert client.get(address).status_code == 404
    assert client.get("/verify/nothing").status_code == 404
    assert page in staff.get(desk["page"]).text
