"""What is wrong with a table, its columns or its cells, in words; and what is told of a row that is not."""

from collections.abc import Mapping

from web.i18n import N_

SHEET_SENTENCES: Mapping[str, str] = {
    "ambiguous_place": N_(
        "Several places have this name: add the district or write the KATO code."
    ),
    "category_alike": N_("No act names this category. Perhaps %(like)s is meant: choose it."),
    "category_shape": N_("A new category is a code of 3 to 40 Latin letters and underscores."),
    "category_unknown": N_(
        "No act names this category yet. If it is a new one, say so in the field or column for new ones."
    ),
    "check_first": N_("This is not the file that was checked. Check it first."),
    "column_not_read": N_("The column %(column)s is not known here and was not read."),
    "column_twice": N_("The column %(column)s stands there twice."),
    "damaged_file": N_("The file is damaged or is neither xlsx nor csv."),
    "differs_in_file": N_("An earlier row of the file says otherwise."),
    "differs_from_rule": N_(
        "The act states %(stated)s, its rule gives %(computed)s. The stated number counts."
    ),
    "lines_signed": N_(
        "A table does not describe the places of a memorandum anew that is entered already."
    ),
    "line_too_long": N_("A line has at most %(most)s characters."),
    "missing_column": N_("The column %(column)s is missing."),
    "names_no_single_job": N_("This names no work, or more than one job."),
    "no_header": N_("The first line must hold the names of the columns."),
    "no_title_column": N_("The table needs a column named title."),
    "not_a_date": N_("Write a date such as 23.11.2026."),
    "not_a_number": N_("Write a whole number."),
    "not_a_per_cent": N_("Write per cent from 0 to 100, such as 1 or 1,5."),
    "not_a_schedule": N_("Write days and hours such as 1-5 08:00-17:00; 6 09:00-14:00."),
    "not_a_pledge": N_(
        "Write a line as profession; code; place; number, such as welder; 7212; ; 2."
    ),
    "profession_suggested": N_("Perhaps %(isco08)s (%(term)s). Confirm the profession."),
    "too_large_file": N_("The file is too large: at most %(most)s bytes."),
    "too_long_cell": N_("A cell in row %(row)s is too long: at most %(most)s characters."),
    "too_many_columns": N_("The sheet has too many columns: at most %(most)s."),
    "too_many_lines": N_("At most %(most)s lines fit here."),
    "too_many_rows": N_("The sheet has too many rows: at most %(most)s."),
    "twice_in_file": N_("Row %(first)s of the file is already about the same record."),
    "unknown_basis": N_("The employer has no basis with this number."),
    "unknown_employer": N_(
        "No employer of this centre has this identifier: enter the employer first."
    ),
}
