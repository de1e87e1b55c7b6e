"""What the lower floors refuse, in words: a code with parameters becomes a sentence.

A sentence may use the parameters as `%(name)s`. In COUNTED stand singular, plural
and the parameter that counts. Add a line for each code your verbs raise, in alphabetical order.
"""

from collections.abc import Mapping

from web.i18n import N_, NN_, gettext, ngettext, number
from web.sheet_sentences import SHEET_SENTENCES
from web.words import word

SENTENCES: Mapping[str, str] = {
    **SHEET_SENTENCES,
    "above_wanted": N_("What is accepted cannot be more than what is wanted."),
    "account_closed": N_("The account is closed; it can no longer sign in."),
    "account_opened": N_("The account is open."),
    "account_reopened": N_("The account is open again."),
    "alias_declined": N_("The proposal is dropped."),
    "alias_forgotten": N_("Titles are no longer read by it."),
    "alias_known": N_("This title is proposed or learned already."),
    "alias_learned": N_("It is learned, and the records shown have their profession."),
    "alias_proposed": N_("Proposed. Somebody else has to confirm it."),
    "already_cancelled": N_("The course is called off already."),
    "already_closed": N_("It is already closed."),
    "already_done": N_("It is already done."),
    "already_employed": N_("The person has work by now."),
    "already_enrolled": N_("The person has a seat on a course already."),
    "already_exempt": N_("The line is let off already."),
    "already_listed": N_("The places of a listed vacancy are changed on its page."),
    "already_merged": N_("This record is merged already."),
    "already_paused": N_("These days are paused already: lift that pause first."),
    "already_open": N_("It is already open."),
    "another_inspector": N_("This proposal needs the yes of a second inspector, not yours again."),
    "at_least": N_("At least %(least)s is needed here."),
    "before_contract": N_("Work cannot begin before the contract is signed."),
    "before_start": N_("The end lies before the start."),
    "below_minimum_wage": N_("Pay cannot be below the minimum wage of %(least)s ₸."),
    "below_start": N_("The upper end of the pay lies below the lower."),
    "below_start_number": N_("The upper number lies below the lower."),
    "between": N_("Write a number from %(least)s to %(most)s."),
    "bin_attribute": N_("The fifth and sixth digits do not fit an organisation."),
    "blocked": N_("The record is blocked at the person's request: nothing is done with it."),
    "both_in_decree": N_("Both stand in the annex of one decree: take one line out first."),
    "campaign_added": N_("The campaign is prepared. Draw its sample next."),
    "campaign_ended": N_("The campaign is closed or called off: nothing changes in it."),
    "candidate_added": N_("The person is registered. Take the survey next."),
    "candidate_changed": N_("The change is kept, with its day."),
    "cases_unread": N_("Read every job first."),
    "certificate_issued": N_("The certificate is issued."),
    "changed_meanwhile": N_("Somebody changed it meanwhile. Reload the page and look again."),
    "check_in_excused": N_("The reason is accepted."),
    "check_in_not_now": N_("It can be confirmed only on its day from %(start)s to %(end)s."),
    "check_ins_decided": N_("The decision is recorded; the coming check-ins appear shortly."),
    "checked_in": N_("You are checked in."),
    "closing_asked": N_("The closing is asked for; somebody else confirms it."),
    "closing_confirmed": N_("The measure is closed."),
    "code_ended": N_("The code no longer opens anything."),
    "code_shape": N_("A code has up to 28 letters, digits and underscores."),
    "confirm_profession": N_("First confirm the profession."),
    "consent_given": N_("Your consent is written down."),
    "consent_refused_by_you": N_("Your no is written down. The employer hears nothing of you."),
    "consent_withdrawn_by_you": N_("Your consent is taken back."),
    "control_digit": N_("The control digit does not fit: a digit is mistyped."),
    "course_added": N_("The course is entered."),
    "course_back": N_("The course takes place after all; look at each seat."),
    "course_cancelled": N_("The course is called off; its seats have ended."),
    "course_first": N_("The course before the job is not finished yet."),
    "course_full": N_("No seat is free on this course."),
    "course_over": N_("The course is over or called off."),
    "damaged_template": N_("The file is damaged or is no Word document (docx)."),
    "date_in_future": N_("This date lies in the future."),
    "date_in_past": N_("This date has passed."),
    "date_passed": N_("This day has passed."),
    "day_marked": N_("The day is written down."),
    "desk_full": N_(
        "The employer takes at most %(most)s people at once: wait for an answer, or raise the limit."
    ),
    "desk_paused": N_("The employer takes nobody at present: its desk is paused."),
    "does_not_add_up": N_(
        "A row does not add up: %(employer)s, %(source)s. Start, counted, hired and left do not make the end."
    ),
    "employer_added": N_("The employer is entered."),
    "end_before_start": N_("The end lies before the beginning."),
    "enough_sent": N_(
        "This round has sent %(most)s people for this place already. Another round may send more."
    ),
    "erased": N_("The person's data is erased."),
    "evidence_frozen": N_("The evidence is being read: it cannot be changed now."),
    "fields_missing": N_("The template lacks these fields: %(names)s."),
    "fields_only": N_("A template names fields and does nothing else."),
    "evidence_sent": N_("The paper is sent. The centre looks at it."),
    "file_missing": N_("The file is missing or was altered; it is not handed out."),
    "file_too_large": N_("The file is larger than %(most)s MB."),
    "file_type": N_("The file is neither PDF nor JPEG nor PNG."),
    "filled_by_hire": N_("A hire filled this place: take the hire back instead."),
    "filled_over_owed": N_(
        "A row does not add up: %(employer)s, %(source)s. More places are filled than owed."
    ),
    "goal_order": N_("Name each goal once, the number of people placed among them."),
    "group_full": N_("Every seat of this meeting is given."),
    "group_over": N_("This meeting is over or called off."),
    "group_planned": N_("The meeting is planned. Now invite people."),
    "in_progress": N_("A proposal or referral is under way: end it first."),
    "invalid": N_("Something in the form does not fit."),
    "keyed_differently": N_("The two keyings differ. Look at the form and correct the answers."),
    "needs_lightening": N_(
        "Only a decision that lightens a duty is recorded: otherwise a check-in replaces no legal appearance."
    ),
    "needs_place_consent": N_("A place is told only by a person who agreed to it."),
    "no_check_ins": N_("No check-in is asked for."),
    "order_in_force": N_("Another decision is in force: end it first."),
    "place_hidden": N_("Your place is told no more."),
    "place_told": N_("Written down: you may choose a place when you check in."),
    "second_person_keys": N_(
        "You keyed this form the first time: the second time is another person's."
    ),
    "keyed_once": N_("A paper form is keyed in twice before it is handed in."),
    "ledger_differs": N_(
        "A row does not add up: %(employer)s, %(source)s. Its places stand otherwise than their lines say."
    ),
    "login_shape": N_("A login has 3 to 60 characters without spaces."),
    "longer_than_a_day": N_("So many people do not fit into one day."),
    "measure_planned": N_("The measure is planned."),
    "memorandum_added": N_(
        "The memorandum is entered as a draft; its places open when it is signed."
    ),
    "merge_undone": N_("The merging is taken back."),
    "merged": N_("This record was merged into another."),
    "more_than_people": N_("There are more offences than people."),
    "more_than_pledged": N_("Only %(most)s of the pledged places are still without a line."),
    "needs_consent": N_("Without consent the survey cannot be handed in."),
    "next_proposed": N_("Proposed: it waits for review like any other."),
    "needs_signed_refusal": N_(
        "The person's signed refusal is needed: its number, its day, or both."
    ),
    "no_end_here": N_("A contract without an end has no last day."),
    "no_code": N_("There is no open code."),
    "no_phone": N_("No telephone number is entered for this person."),
    "no_gateway": N_("This installation has no gateway for SMS: print the slip or read it out."),
    "code_on_its_way": N_("The code goes out by SMS within minutes."),
    "no_consent": N_(
        "The person has not consented to this disclosure, or has taken the consent back."
    ),
    "nothing_to_learn": N_("Tick at least one title that has a group."),
    "no_open_survey": N_("There is no open survey."),
    "no_place": N_("There is no such place in the classifier."),
    "no_rate": N_("The rate of that day is not entered yet."),
    "no_reception": N_("No time can be given for this measure."),
    "no_such_code": N_("This code is unknown or no longer open. Ask for a new one."),
    "no_such_invitation": N_(
        "This invitation is unknown, used or out of date. Ask the centre for a new one."
    ),
    "no_such_date": N_("The number holds a date that does not exist."),
    "nobody_to_draw": N_("No employer of the territory had a place filled in these days."),
    "nobody_with_number": N_("Nobody with this number takes part in matching within your reach."),
    "not_a_month": N_("Choose a month that has been."),
    "not_a_time": N_("Write a time such as 08:30."),
    "not_allowed": N_("Your role does not include this."),
    "not_blocked": N_("The record is not blocked."),
    "not_cancelled": N_("The course is not called off."),
    "not_done": N_("It is not done yet."),
    "not_exempt": N_("No exemption is in force."),
    "not_found": N_("There is no such record, or it is not within your reach."),
    "not_group_work": N_("This is no group work of yours."),
    "not_looked_up": N_(
        "Not looked up: too many numbers lead to nobody. Enter this row later, in a shorter table."
    ),
    "not_lowered": N_(
        "The number cannot fall below %(least)s: take places out of the ledger one by one, with a reason."
    ),
    "not_merged": N_("This record is not merged."),
    "not_negative": N_("The number cannot be below zero."),
    "not_yet_time": N_("Its time has not come yet."),
    "note_kept": N_("The note is kept."),
    "nothing_changed": N_("Say what should be different."),
    "not_suitable": N_(
        "This person cannot be proposed there: a rule of the round bars it, or no place is free."
    ),
    "nothing_due": N_("No follow-up is due yet."),
    "number_needed": N_("Give the identifier number or the register number."),
    "numbers_differ": N_("The identifier number and the register number lead to different people."),
    "objection_kept": N_("The centre has your words and will answer."),
    "offer_declined": N_("Your answer is written down."),
    "one_home": N_("This role belongs to exactly one of: centre, state body, employer."),
    "order_chosen": N_("The order of goals is chosen."),
    "order_recorded": N_("The order is recorded. Rounds can choose it."),
    "other_category": N_("This place is kept for another category of the quota."),
    "outside_course": N_("The day lies outside the course or is still to come."),
    "own_account": N_("Nobody closes their own account."),
    "own_code_only": N_("Only the person gives consent by their own code."),
    "pair_forbidden": N_("The pair is ruled out. Solve again to see the plan without it."),
    "pair_free": N_("The pair is free again. Solve again to see the plan."),
    "pair_kept": N_("The pair is kept. It holds from the next time the round is solved."),
    "password_changed": N_("The new password is set. Sessions under the old one are ended."),
    "person_erased": N_(
        "The person is erased: nobody can be named or found by this record any more."
    ),
    "person_moved": N_("The person now belongs to the other centre."),
    "points_in_all": N_("The parts of a score together give from 1 to %(most)s points."),
    "probation_consent_needed": N_(
        "The course is in another district: probation has to consent first."
    ),
    "profession_confirmed": N_("The profession is confirmed."),
    "record_blocked": N_("The record is blocked."),
    "record_unblocked": N_("The block is lifted."),
    "records_merged": N_("The records are merged."),
    "records_parted": N_("The merge is taken back."),
    "request_answered": N_("The answer is written down."),
    "request_kept": N_("Your request is written down; the centre answers it."),
    "request_entered": N_("The request is written down, with its term."),
    "required": N_("Fill this in."),
    "restriction_ended": N_("The last day is set."),
    "restriction_entered": N_("The restriction is entered; rounds keep it from now on."),
    "retired_choice": N_("This reason is no longer in use. Choose another."),
    "round_cancelled": N_("The round is cancelled. It can be solved again at any time."),
    "round_closed": N_("The round is closed."),
    "round_reopened": N_("The round is open again."),
    "round_published": N_("The plan is published: the proposals wait for review."),
    "same_record": N_("These are one and the same."),
    "saved": N_("Saved."),
    "seat_changed": N_("The change is written down."),
    "seat_declined_by_you": N_("You declined the seat on the course."),
    "seat_offered": N_("The seat is offered."),
    "seat_taken": N_("The seat is taken."),
    "seat_taken_by_you": N_("You took the seat. The centre gives you the letter to the course."),
    "second_person_learns": N_("Somebody other than whoever proposed it has to confirm it."),
    "second_person": N_("Somebody other than whoever published it has to review it."),
    "second_to_confirm": N_("Somebody other than whoever asked has to confirm it."),
    "shares_rise": N_("A later wish is worth no more than an earlier one."),
    "shift_shape": N_("A shift has weekdays and two times such as 08:00 and 17:00."),
    "signed_out": N_("You are signed out."),
    "slot_taken": N_("This place is already taken."),
    "closed_with_paper": N_(
        "This place closed with its memorandum, exemption or vacancy, and opens with it again."
    ),
    "step_done": N_("Done, and kept in the journal."),
    "step_missing": N_("This step is not answered yet."),
    "still_employed": N_("The person is at work through this centre: end the placement first."),
    "study_permitted": N_("The consent is recorded."),
    "survey_discarded": N_("The draft is dropped."),
    "survey_key_again": N_(
        "The first keying is finished. Now another person enters the same form."
    ),
    "survey_open": N_("Another survey of this person is open."),
    "survey_refused": N_("The refusal is written down."),
    "survey_settled": N_("Both keyings agree now."),
    "survey_submitted": N_("The survey is handed in."),
    "in_another_case": N_(
        "Another case keeps this person apart on these days; end that one first."
    ),
    "taken": N_("This is already taken."),
    "task_finished": N_("The task is done."),
    "task_kept": N_("The task is kept."),
    "task_reopened": N_("The task is open again."),
    "term_over": N_("The term is over: renew it first."),
    "time_given": N_("The time is given."),
    "time_not_free": N_("This time is not free. Choose another one."),
    "time_shape": N_("Write a time such as 09:00."),
    "too_early": N_("The person may still come until %(day)s."),
    "too_few_refusals": N_("A decision is due only after %(least)s refusals of suitable work."),
    "too_few_slots": N_("Only %(free)s places are free, %(wanted)s are asked for."),
    "too_large": N_("The number is too large."),
    "too_long": N_("At most %(most)s characters fit here."),
    "turns_away": N_(
        "“%(words)s” speaks of %(ground)s: this may turn people away for what is not their work."
    ),
    "twelve_digits": N_("The number has twelve digits."),
    "too_few_to_open": N_("%(number)s have taken a seat; the course opens with %(least)s."),
    "unknown_choice": N_("Choose one of the values offered."),
    "unknown_fields": N_("The template names fields that do not exist: %(names)s."),
    "unknown_field": N_("This field is not known here."),
    "unreadable": N_("This holds characters that cannot be stored."),
    "vacancy_added": N_("The vacancy is entered as a draft."),
    "vacancy_back": N_("The vacancy is back, paused."),
    "vacancy_copied": N_("A copy is among the drafts."),
    "vacancy_listed": N_("The vacancy is listed."),
    "vacancy_paused": N_("The vacancy is paused."),
    "vacancy_renewed": N_("The vacancy has a new term."),
    "vacancy_withdrawn": N_("The vacancy is withdrawn; its free places are back."),
    "variant_chosen": N_("The variant is now the plan of the round."),
    "variant_outdated": N_("The round was solved anew meanwhile. Try the variant again."),
    "variant_supposes": N_(
        "This plan needs places or pay that do not exist yet. Change the vacancy first, then solve again."
    ),
    "welcome": N_(
        "Your account is open. This is your desk: what is owed, who comes, what to do next."
    ),
    "wrong_home": N_("Choose a centre, state body or employer that fits the role."),
    "wrong_pair": N_("The login and the password do not fit together."),
    "wrong_state": N_(
        "Its state does not allow this step any more. Reload the page and look again."
    ),
}

COUNTED: Mapping[str, tuple[str, str, str]] = {
    "plan_out_of_date": NN_(
        "%(number)s choice of the plan no longer holds. Nothing was published; solve the round again.",
        "%(number)s choices of the plan no longer hold. Nothing was published; solve the round again.",
        "number",
    ),
    "too_short": NN_(
        "At least %(least)s character is needed.",
        "At least %(least)s characters are needed.",
        "least",
    ),
    "undecided": NN_(
        "%(number)s proposal of the round still awaits a decision.",
        "%(number)s proposals of the round still await a decision.",
        "number",
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
    return {name: _tell(name, value) for name, value in params.items()}


def _tell(name: str, value: object) -> object:
    if name == "ground":
        return word("ground", str(value))
    return number(value) if isinstance(value, int) else value
