"""Every controller of the site. A new noun adds its line here."""

from litestar import Controller

from web.accounts import Accounts
from web.answers import Answers
from web.assets import Assets
from web.candidates import Candidates
from web.certificates import Certificates, Verification
from web.checkins import CheckIns, PersonCheckInsPage
from web.courses import Courses
from web.decrees import AnnexLines, Decrees
from web.desk import Desk, EmployerDesk
from web.employers import Employers
from web.evidence import EvidencePages
from web.exports import Exports
from web.frontiers import Frontiers
from web.imports import Imports
from web.insights import Insights
from web.inspections import Campaigns, Draws, Inspections
from web.invitations import Invitations
from web.journal import Journal
from web.language import Languages
from web.letters import Letters
from web.me import Me
from web.meetings import Meetings, NewMeeting
from web.memoranda import Memoranda, NewMemorandum
from web.next_best import NextBest
from web.offences import Offences
from web.orders import Orders
from web.outcomes import Outcomes
from web.own_data import OwnData, Requests
from web.placements import Placements
from web.postings import OwnPostings, Postings
from web.professions import Professions
from web.programmes import Programmes
from web.proposals import Proposals
from web.queue import Groups, Queue
from web.quota_report import QuotaReport
from web.references import References
from web.referrals import Referrals
from web.refusals import Refusals
from web.relations import Contacts, Relations
from web.reports import Reports
from web.reserves import Reserves
from web.restrictions import Restrictions
from web.rounds import Rounds
from web.sign_in import SignIn
from web.slots import Slots
from web.studies import Studies
from web.survey_form import SurveyForms
from web.surveys import DeskSurveys, OwnSurveys
from web.today import Today
from web.vacancies import Vacancies
from web.variants import Variants

CONTROLLERS: tuple[type[Controller], ...] = (
    Accounts,
    AnnexLines,
    Answers,
    Assets,
    Campaigns,
    Candidates,
    Certificates,
    CheckIns,
    Contacts,
    Courses,
    Decrees,
    Desk,
    DeskSurveys,
    Draws,
    EmployerDesk,
    Employers,
    EvidencePages,
    Exports,
    Frontiers,
    Groups,
    Imports,
    Insights,
    Inspections,
    Invitations,
    Journal,
    Languages,
    Letters,
    Me,
    Meetings,
    Memoranda,
    NewMeeting,
    NewMemorandum,
    Offences,
    NextBest,
    Orders,
    Outcomes,
    OwnData,
    OwnPostings,
    OwnSurveys,
    PersonCheckInsPage,
    Placements,
    Professions,
    Postings,
    Programmes,
    Proposals,
    Queue,
    QuotaReport,
    References,
    Referrals,
    Refusals,
    Relations,
    Reports,
    Requests,
    Reserves,
    Restrictions,
    Rounds,
    SignIn,
    Slots,
    SurveyForms,
    Studies,
    Today,
    Vacancies,
    Variants,
    Verification,
)
