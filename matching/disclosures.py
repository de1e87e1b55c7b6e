"""What an employer may read of a person: only after consent to this very disclosure, and only while it
stands (Probation Law of 30.12.2016 No. 38-VI, Art. 11(2))."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from matching.candidates import Candidate
from matching.choices import list_choices
from matching.identities import open_person
from matching.referrals import find_referral, may_disclose
from quota import journal
from quota.rights import Actor


@dataclass(frozen=True, slots=True)
class ReferredPerson:
    """First name, skills, hours and dates: nothing else of a person is ever shown to an employer.

    `professions` are ISCO-08 codes in the order of the person's wish, `hours` shifts like a vacancy's.
    """

    first_name: str
    professions: tuple[str, ...]
    experience_years: int
    hours: Sequence[Any]
    come_by: date
    answer_by: date


def see_person(
    session: Session, actor: Actor, referral_key: str, *, now: datetime
) -> ReferredPerson | None:
    """The person behind a referral, and a line in the journal that the actor looked.

    None once the consent has ended, the record is blocked or the person was erased. Raises NotAllowed or
    NotFound.
    """
    referral = find_referral(session, actor, referral_key)
    person = open_person(session, referral.candidate_id)
    if person is None or not may_disclose(session, referral):
        return None
    candidate = session.get_one(Candidate, referral.candidate_id)
    choices = list_choices(session, candidate)
    journal.write(session, actor, "see_person", referral, now=now)
    return ReferredPerson(
        first_name=person.given_name,
        professions=tuple(dict.fromkeys(c.isco08 for c in choices if c.isco08)),
        experience_years=candidate.experience_years,
        hours=candidate.hours,
        come_by=referral.come_by,
        answer_by=referral.answer_by,
    )
