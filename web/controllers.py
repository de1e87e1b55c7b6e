"""Every controller of the site. A new noun adds its line here."""

from litestar import Controller

from web.accounts import Accounts
from web.assets import Assets
from web.language import Languages
from web.sign_in import SignIn
from web.today import Today

CONTROLLERS: tuple[type[Controller], ...] = (
    Accounts,
    Assets,
    Languages,
    SignIn,
    Today,
)
