"""Every controller of the site. A new noun adds its line here."""

from litestar import Controller

from web.accounts import Accounts
from web.answers import Answers
from web.assets import Assets
from web.candidates import Candidates
from web.desk import Desk
from web.employers import Employers
from web.imports import Imports
from web.journal import Journal
from web.language import Languages
from web.me import Me
from web.placements import Placements
from web.proposals import Proposals
from web.referrals import Referrals
from web.restrictions import Restrictions
from web.rounds import Rounds
from web.sign_in import SignIn
from web.surveys import DeskSurveys, OwnSurveys
from web.today import Today
from web.vacancies import Vacancies

CONTROLLERS: tuple[type[Controller], ...] = (
    Accounts,
    Answers,
    Assets,
    Candidates,
    Desk,
    DeskSurveys,
    Employers,
    Imports,
    Journal,
    Languages,
    Me,
    OwnSurveys,
    Placements,
    Proposals,
    Referrals,
    Restrictions,
    Rounds,
    SignIn,
    Today,
    Vacancies,
)
