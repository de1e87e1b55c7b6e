"""Legal acts of the package's dated rows as papers and pages write them in each language.

An office may write an act of its own into a row: that one is shown as it stands.
"""

from web.i18n import N_, gettext

KNOWN = (
    N_("Criminal Code, Art. 44(2)"),
    N_("Criminal Code, Art. 44(2); Penal Execution Code, Art. 66(1)(3)"),
    N_("Criminal Code, Art. 44(2); Penal Execution Code, Art. 66(1)(6), 69(2)(2)"),
    N_("Criminal Code, Art. 50(2)"),
    N_(
        "Employment Law of 06.04.2016 No. 482-V, Art. 1 (suitable work);"
        " the Social Code's wording is to be checked"
    ),
    N_(
        "Employment Law of 06.04.2016 No. 482-V, Art. 9(7)-(8), 27(1);"
        " the Social Code's wording is to be checked"
    ),
    N_("Labour Code, Art. 26(2)(2); Criminal Code, Art. 50(2)"),
    N_("Labour Code, Art. 26(2)(3); Criminal Code, Art. 50(2)"),
    N_("Law of 21.05.2013 No. 94-V on personal data; Probation Law, Art. 11(2)"),
    N_("Probation Law of 30.12.2016 No. 38-VI, Art. 6"),
    N_("Criminal Code, Art. 44(1): no forced labour for those with a permanent job or in study"),
    N_("Criminal Code, Art. 44(2); Penal Execution Code, Art. 66(1)(4)"),
    N_("Penal Execution Code, Art. 56: before dismissal or transfer"),
    N_("Penal Execution Code, Art. 56: within three working days"),
    N_(
        "Employment Law of 06.04.2016 No. 482-V, Art. 15; the Social Code's wording is to be checked"
    ),
    N_(
        "Employment Law of 06.04.2016 No. 482-V, Art. 28; the Social Code's wording is to be checked"
    ),
)


def name_act(act: str) -> str:
    """The act in the reader's language, or as it was written."""
    return gettext(act) if act in KNOWN else act
