"""Every controller of the site. A new noun adds its line here."""

from litestar import Controller

from web.accounts import Accounts
from web.answers import Answers
from web.assets import Assets
from web.desk import Desk
from web.language import Languages
from web.placements import Placements
from web.proposals import Proposals
from web.referrals import Referrals
from web.sign_in import SignIn
from web.today import Today

CONTROLLERS: tuple[type[Controller], ...] = (
    Accounts,
    Answers,
    Assets,
    Desk,
    Languages,
    Placements,
    Proposals,
    Referrals,
    SignIn,
    Today,
)
