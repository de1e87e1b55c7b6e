"""Letters: what stands on the paper of a referral, which the candidate carries to the employer.

Neither the employer's answer code nor a quota category, a restriction or where either comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.identities import open_person
from matching.referrals import LIVE, Referral, find_referral
from quota import journal, rates
from quota.calendar import local_day
from quota.centres import Centre
from quota.employers import Employer
from quota.errors import NotFound, WrongState
from quota.places import Place, find_place
from quota.rights import Actor
from quota.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Letter:
    """`pay_from` and `pay_to` are whole tenge a month; `come_act` and `answer_act` the acts of the dated
    rates by which the two terms were counted; names come by language."""

    number: int
    issued_on: date
    centre: Mapping[str, str]
    centre_address: str
    centre_phone: str
    person: str
    employer: str
    vacancy: str
    place: Mapping[str, str]
    address: str
    pay_from: int
    pay_to: int
    come_by: date
    answer_by: date
    come_act: str
    answer_act: str


def print_letter(
    session: Session, actor: Actor, referral_key: str, *, form: str, now: datetime
) -> Letter:
    """The letter of a referral under way, and a line in the journal that it was printed as `form`.

    Raises NotAllowed, NotFound (also once the person was erased), or WrongState when the referral has
    ended.
    """
    referral = find_referral(session, actor, referral_key, right="referrals.issue")
    if referral.state not in LIVE:
        raise WrongState("wrong_state", noun="referral", state=referral.state, verb="print_letter")
    letter = _compose(session, referral)
    journal.write(session, actor, "print_letter", referral, now=now, form=form)
    return letter


def _compose(session: Session, referral: Referral) -> Letter:
    person = open_person(session, referral.candidate_id)
    if person is None:
        raise NotFound("not_found")
    centre = session.get_one(Centre, referral.centre_id)
    vacancy = session.get_one(Vacancy, referral.vacancy_id)
    day = local_day(referral.issued_at)
    return Letter(
        number=referral.number,
        issued_on=day,
        centre=centre.names(),
        centre_address=centre.address,
        centre_phone=centre.phone,
        person=f"{person.family_name} {person.given_name}",
        employer=session.get_one(Employer, referral.employer_id).name,
        vacancy=vacancy.title,
        place=_name_place(session, vacancy),
        address=vacancy.address,
        pay_from=vacancy.pay_from,
        pay_to=vacancy.pay_to,
        come_by=referral.come_by,
        answer_by=referral.answer_by,
        come_act=rates.act_of(session, rates.REFERRAL_DAYS_CANDIDATE, day),
        answer_act=rates.act_of(session, rates.REFERRAL_DAYS_EMPLOYER, day),
    )


def _name_place(session: Session, vacancy: Vacancy) -> dict[str, str]:
    """The place under the district it lies in, where that is another."""
    place = find_place(session, vacancy.kato)
    above = session.scalar(select(Place).where(Place.kato == place.district_kato))
    places = [above, place] if above and above.kato != place.kato else [place]
    named = [p.names() for p in places]
    return {locale: ", ".join(names[locale] for names in named) for locale in ("kk", "ru")}
