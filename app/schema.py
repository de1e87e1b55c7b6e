"""Every table of the house in one metadata, for migrations."""
# ruff: noqa: F401  (imported for their tables)

import app.auth
import matching.bans
import matching.candidates
import matching.checkins
import matching.choices
import matching.code_messages
import matching.codes
import matching.consents
import matching.courses
import matching.gatherings
import matching.identities
import matching.inspection_notices
import matching.merges
import matching.moves
import matching.notices
import matching.offences
import matching.outcomes
import matching.placements
import matching.policies
import matching.privacy
import matching.programmes
import matching.receptions
import matching.referrals
import matching.reviews
import matching.rounds
import matching.standings
import matching.studies
import matching.subject_requests
import matching.surveys
import matching.tasks
import matching.variants
import quota.accounts
import quota.acts
import quota.aliases
import quota.annexes
import quota.attachments
import quota.calendar
import quota.cases
import quota.certificates
import quota.contacts
import quota.decrees
import quota.desks
import quota.evidence
import quota.inspections
import quota.installation
import quota.invitations
import quota.journal
import quota.mappings
import quota.meetings
import quota.memoranda
import quota.places
import quota.rates
import quota.slots
import quota.vacancies
from quota.tables import Table

METADATA = Table.metadata
