"""What the lower floors refuse, in words: a code with parameters becomes a sentence.

A sentence may use the parameters as `%(name)s`. In COUNTED stand singular, plural
and the parameter that counts. Add a line for each code your verbs raise, in alphabetical order.
"""

from collections.abc import Mapping

from web.i18n import N_, NN_, gettext, ngettext, number

SENTENCES: Mapping[str, str] = {
    "account_closed": N_("The account is closed; it can no longer sign in."),
    "account_opened": N_("The account is open."),
    "account_reopened": N_("The account is open again."),
    "already_closed": N_("It is already closed."),
    "already_open": N_("It is already open."),
    "at_least": N_("At least %(least)s is needed here."),
    "before_start": N_("The end lies before the start."),
    "below_minimum_wage": N_("Pay cannot be below the minimum wage of %(least)s ₸."),
    "below_start": N_("The upper end of the pay lies below the lower."),
    "between": N_("Write a number from %(least)s to %(most)s."),
    "bin_attribute": N_("The fifth and sixth digits do not fit an organisation."),
    "changed_meanwhile": N_("Somebody changed it meanwhile. Reload the page and look again."),
    "confirm_profession": N_("First confirm the profession."),
    "control_digit": N_("The control digit does not fit: a digit is mistyped."),
    "date_in_future": N_("This date lies in the future."),
    "invalid": N_("Something in the form does not fit."),
    "login_shape": N_("A login has 3 to 60 characters without spaces."),
    "no_place": N_("There is no such place in the classifier."),
    "no_rate": N_("The rate of that day is not entered yet."),
    "no_such_date": N_("The number holds a date that does not exist."),
    "not_a_date": N_("Write a date such as 23.11.2026."),
    "not_a_number": N_("Write a whole number."),
    "not_allowed": N_("Your role does not include this."),
    "not_found": N_("There is no such record, or it is not within your reach."),
    "not_negative": N_("The number cannot be below zero."),
    "one_home": N_("This role belongs to exactly one of: centre, state body, employer."),
    "other_category": N_("This place is kept for another category of the quota."),
    "own_account": N_("Nobody closes their own account."),
    "password_changed": N_("The new password is set. Sessions under the old one are ended."),
    "required": N_("Fill this in."),
    "signed_out": N_("You are signed out."),
    "slot_taken": N_("This place is already taken."),
    "taken": N_("This is already taken."),
    "too_few_slots": N_("Only %(free)s places are free, %(wanted)s are asked for."),
    "too_large": N_("The number is too large."),
    "too_long": N_("At most %(most)s characters fit here."),
    "twelve_digits": N_("The number has twelve digits."),
    "unknown_choice": N_("Choose one of the values offered."),
    "unknown_field": N_("This field is not known here."),
    "unreadable": N_("This holds characters that cannot be stored."),
    "wrong_home": N_("Choose a centre, state body or employer that fits the role."),
    "wrong_pair": N_("The login and the password do not fit together."),
    "wrong_state": N_(
        "Its state does not allow this step any more. Reload the page and look again."
    ),
}

COUNTED: Mapping[str, tuple[str, str, str]] = {
    "too_short": NN_(
        "At least %(least)s character is needed.",
        "At least %(least)s characters are needed.",
        "least",
    ),
    "wait": NN_(
        "Too many tries. Wait %(seconds)s second, then try again.",
        "Too many tries. Wait %(seconds)s seconds, then try again.",
        "seconds",
    ),
}


def say(code: str, params: Mapping[str, object] = {}) -> str:
    """The sentence for `code` in the reader's language. Raises KeyError for a code without one."""
    if code in COUNTED:
        one, many, name = COUNTED[code]
        return ngettext(one, many, int(str(params[name]))) % _show(params)
    return gettext(SENTENCES[code]) % _show(params)


def _show(params: Mapping[str, object]) -> dict[str, object]:
    return {
        name: number(value) if isinstance(value, int) else value for name, value in params.items()
    }
