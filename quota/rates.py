"""Rates by date: minimum wage, monthly calculation index and others, each with its legal act.

Nothing of law is a constant in code: a rate holds from its day until the next row of its code.
"""

import csv
from datetime import date
from importlib import resources

from sqlalchemy import String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from quota.errors import NotEntered
from quota.tables import Code, Table, Tenge

MINIMUM_WAGE = "minimum_wage"
MCI = "mci"
# Clocks of the way from a proposal to a job: working days, but PAIR_BAN_DAYS are days of the calendar.
REVIEW_DAYS = "review_days"
REVIEW_CLOSE_DAYS = "review_close_days"  # after the review's due day, before the slot is freed
CONSENT_DAYS = "consent_days"
REFERRAL_DAYS_CANDIDATE = "referral_days_candidate"
REFERRAL_DAYS_EMPLOYER = "referral_days_employer"
REFERRAL_CLOSE_DAYS = "referral_close_days"  # after the answer's due day
PAIR_BAN_DAYS = "pair_ban_days"
COURSE_HOLD_DAYS = (
    "course_hold_days"  # after a course's end, before the slot behind a seat is freed
)
RETENTION_YEARS = "retention_years"  # after a person is off the register
REFER_DAYS = "refer_days"  # after the consent, or the end of the course, for the letter
REFER_CLOSE_DAYS = "refer_close_days"  # after that, before the slot is freed
CONTRACT_DAYS = "contract_days"  # after an employer's yes
ENROLMENT_DAYS = "enrolment_days"  # for a yes or no to a seat
SENT_PER_SLOT = "sent_per_slot"  # people one round sends for one place, the first included
INSPECTORS = "inspectors"  # and the kind: how many have to approve
EVASION_NOTICE_DAYS = "evasion_notice_days"
REFUSALS_BEFORE_DECISION = "refusals_before_decision"
DETACHED_FILE_DAYS = "detached_file_days"  # before a file that was taken off is destroyed
LIST_LINE_DAYS = "list_line_days"  # before the journal's line about a list of people is destroyed
INSPECTION_DAYS = "inspection_days"  # working days for the evidence of a drawn employer
INSPECTION_REPLY_DAYS = "inspection_reply_days"  # and for the reply to what inspectors doubt


class Rate(Table):
    """`value` is whole, in `unit`. A row that is not `verified` is a setting the office should check."""

    __tablename__ = "rates"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    code: Mapped[Code]
    valid_from: Mapped[date]
    value: Mapped[Tenge]
    unit: Mapped[str] = mapped_column(String(20), default="tenge")
    act: Mapped[str] = mapped_column(String(300))
    verified: Mapped[bool] = mapped_column(default=True)

    @property
    def key(self) -> str:
        return f"{self.code}@{self.valid_from.isoformat()}"


def rate_on(session: Session, code: str, day: date) -> int:
    """The value in force on `day`. Raises NotEntered when no row is."""
    return _row_on(session, code, day)[0]


def act_of(session: Session, code: str, day: date) -> str:
    """The legal act of the value in force on `day`. Raises NotEntered when no row is."""
    return _row_on(session, code, day)[1]


def _row_on(session: Session, code: str, day: date) -> tuple[int, str]:
    row = session.execute(
        select(Rate.value, Rate.act)
        .where(Rate.code == code, Rate.valid_from <= day)
        .order_by(Rate.valid_from.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotEntered("no_rate", rate=code, day=day.isoformat())
    return row[0], row[1]


def count_unchecked(session: Session) -> int:
    """How many rows the office should check against the act."""
    return session.scalar(select(func.count()).where(Rate.verified.is_(False))) or 0


def load_rates(session: Session) -> int:
    """Adds the package's rows that the table lacks, by code and day; returns how many."""
    known = {(code, day) for code, day in session.execute(select(Rate.code, Rate.valid_from))}
    with resources.files("quota.data").joinpath("rates.csv").open(encoding="utf-8") as file:
        rows = [_to_rate(row) for row in csv.DictReader(file)]
    missing = [rate for rate in rows if (rate.code, rate.valid_from) not in known]
    session.add_all(missing)
    session.flush()
    return len(missing)


def _to_rate(row: dict[str, str]) -> Rate:
    return Rate(
        code=row["code"],
        valid_from=date.fromisoformat(row["valid_from"]),
        value=int(row["value"]),
        unit=row["unit"],
        act=row["act"],
        verified=row["verified"] == "yes",
    )
