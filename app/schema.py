"""Every table of the house in one metadata, for migrations."""

import matching.candidates
import matching.consents
import matching.courses
import matching.placements
import matching.referrals
import matching.reviews
import matching.rounds
import quota.accounts
import quota.decrees
import quota.journal
import quota.memoranda
import quota.places
import quota.rates
import quota.slots
import quota.vacancies  # noqa: F401  (imported for their tables)
from quota.tables import Table

METADATA = Table.metadata
