"""Everybody around one proposal, and its way to each state by the verbs themselves."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from matching import answers, consents, placements, referrals, reviews
from matching.candidates import Candidate
from matching.consents import Consent, Evidence, Form
from matching.placements import Contract, Placement
from matching.referrals import Referral
from matching.reviews import Ruling
from matching.rounds import Proposal
from quota.accounts import Account
from quota.calendar import add_working_days, local_day
from quota.employers import Employer
from quota.rates import load_rates
from quota.rights import Actor, Role
from quota.slots import Slot
from quota.vacancies import Vacancy
from tests.factories import (
    REGION,
    make_candidate,
    make_centre,
    make_employer,
    make_proposal,
    make_vacancy,
)

NOTE = "записано по ошибке"
_numbers = count(1)


@dataclass
class Journey:
    session: Session
    now: datetime
    supervised: bool = True
    vacancy_fields: dict[str, object] = field(default_factory=dict)
    candidate_fields: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.session
        load_rates(session)
        self.centre = make_centre(session)
        self.employer: Employer = make_employer(session, centre_id=self.centre.id)
        self.vacancy: Vacancy = make_vacancy(session, self.employer, **self.vacancy_fields)
        if not self.supervised:
            self.candidate_fields = {"status": "released"} | self.candidate_fields
        self.candidate: Candidate = make_candidate(session, self.centre.id, **self.candidate_fields)
        self.publisher = self.make_staff()
        self.second = self.make_staff()
        self.proposal: Proposal = self.propose()

    def make_staff(self) -> Actor:
        # Written without `open_account`: hashing a password for every test would cost more than the tests.
        account = Account(
            login=f"staff{next(_numbers)}",
            password_hash="",
            role=Role.STAFF,
            name="Айгүл",
            centre_id=self.centre.id,
            opened_at=self.now,
        )
        self.session.add(account)
        self.session.flush()
        return Actor(Role.STAFF, account_id=account.id, centre_id=self.centre.id, territory=REGION)

    def propose(self, candidate: Candidate | None = None) -> Proposal:
        return make_proposal(
            self.session,
            candidate or self.candidate,
            self.vacancy,
            now=self.now,
            proposed_by=self.publisher.account_id,
        )

    @property
    def staff(self) -> Actor:
        return self.publisher

    @property
    def probation(self) -> Actor:
        return Actor(Role.PROBATION, territory=REGION)

    @property
    def reviewer(self) -> Actor:
        return self.probation if self.supervised else self.second

    @property
    def boss(self) -> Actor:
        return Actor(Role.EMPLOYER, employer_id=self.employer.id)

    @property
    def person(self) -> Actor:
        return Actor(Role.CANDIDATE, candidate_id=self.candidate.id)

    @property
    def slot(self) -> Slot:
        return self.session.get_one(Slot, self.proposal.slot_id)

    @property
    def today(self) -> date:
        return local_day(self.now)

    def wait(self, working_days: int) -> None:
        later = add_working_days(self.session, self.today, working_days)
        self.now += timedelta(days=(later - self.today).days)

    def approve(self) -> Consent:
        reviews.approve(self.session, self.reviewer, self.proposal.key, Ruling(), now=self.now)
        return consents.ask_disclosure(self.session, self.staff, self.proposal.key, now=self.now)

    def consent(self) -> Consent:
        asked = self.approve()
        evidence = Evidence(Form.PAPER, self.today, "С-17")
        return consents.give(self.session, self.staff, asked.key, evidence, now=self.now)

    def issue(self) -> Referral:
        self.consent()
        return referrals.issue(self.session, self.staff, self.proposal.key, now=self.now)

    def contract(self, **given: object) -> Contract:
        values = {"number": "15", "signed_on": self.today, "starts_on": self.today, "pay": 180_000}
        return Contract(**values | given)

    def hire(self, referral: Referral | None = None) -> Placement:
        key = (referral or self.issue()).key
        return placements.hire(self.session, self.boss, key, self.contract(), now=self.now)

    def bring(self, state: str) -> Referral:
        """A referral in `state`, brought there by the shortest way."""
        referral = self.issue()
        args = (self.session, self.boss, referral.key)
        if state == "presented":
            answers.present(*args, now=self.now)
        elif state == "accepted":
            answers.accept(*args, now=self.now)
        elif state == "hired":
            self.hire(referral)
        elif state == "refused":
            answers.refuse(*args, reason="qualification", now=self.now)
        elif state == "declined":
            answers.decline(self.session, self.person, referral.key, reason="too_far", now=self.now)
        elif state == "no_show":
            self.wait(6)
            answers.miss(*args, now=self.now)
        elif state == "expired":
            self.wait(11)
            referrals.expire_referrals(self.session, now=self.now)
        elif state == "cancelled":
            referrals.cancel(
                self.session, self.staff, referral.key, reason="transferred", now=self.now
            )
        assert referral.state == state
        return referral
