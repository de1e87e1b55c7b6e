"""Certificates of employers: issued and annulled by staff, printed, verified by anybody with the code."""

from dataclasses import dataclass, field

from litestar import Controller, get, post
from litestar.params import FromPath

from quota import certificates, employers
from quota.certificates import Record
from quota.employers import Employer
from quota.errors import Invalid
from quota.rights import has
from web.forms import Form, Typed
from web.guards import PUBLIC, may
from web.relations import steps_to
from web.site import Answer, Request, Unit, UnitOfWork, flash, go, page


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = field(metadata={"most": 300})


class Certificates(Controller):
    path = "/certificates"

    @post("/for/{key:str}", guards=[may("employers.edit")], sync_to_thread=True)
    def issue(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        employer = employers.find_employer(unit.session, unit.actor, key, right="employers.edit")
        issued = certificates.issue_certificate(unit.session, unit.actor, employer, now=unit.now)
        flash(request, "certificate_issued")
        return go(request, f"/certificates/{issued.key}")

    @get("/{key:str}", guards=[may("employers.read")], sync_to_thread=True)
    def show(self, request: Request, unit: Unit, key: FromPath[str]) -> Answer:
        return _show(request, unit, key, Form.blank())

    @post("/{key:str}", guards=[may("employers.edit")], sync_to_thread=True)
    def annul(self, request: Request, unit: Unit, key: FromPath[str], form: Typed) -> Answer:
        try:
            reason = form.read(Reason).reason
            certificates.annul_certificate(
                unit.session, unit.actor, key, reason=reason, now=unit.now
            )
        except Invalid as refusal:
            form.refuse(unit.session, refusal)
            return _show(request, unit, key, form, status=422)
        flash(request, "saved")
        return go(request, f"/certificates/{key}")


class Verification(Controller):
    """Open to all: says whether a code is true, and nothing else."""

    path = "/verify"
    opt = PUBLIC

    @get("/{code:str}", sync_to_thread=True)
    def show(self, request: Request, unit: Unit, code: FromPath[str]) -> Answer:
        issued = certificates.verify_code(unit.session, code)
        status = 200 if issued else 404
        return page(request, "certificates/verify.html", issued=issued, status=status)


def _show(request: Request, unit: UnitOfWork, key: str, form: Form, *, status: int = 200) -> Answer:
    certificate = certificates.find_certificate(unit.session, unit.actor, key)
    employer = unit.session.get_one(Employer, certificate.employer_id)
    return page(
        request,
        "certificates/show.html",
        certificate=certificate,
        employer=employer,
        record=Record(**certificate.figures),
        address=f"{request.base_url}verify/{certificate.code}",
        steps=steps_to(employer),
        may_edit=has(unit.actor, "employers.edit"),
        form=form,
        status=status,
    )
