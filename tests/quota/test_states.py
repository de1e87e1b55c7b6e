"""Workflow tables: every pair of state and verb is either a row or refused."""

import pytest

import matching.states
import quota.states
from quota.errors import WrongState
from quota.states import Workflow

WORKFLOWS = [
    value
    for module in (quota.states, matching.states)
    for value in vars(module).values()
    if isinstance(value, Workflow)
]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.noun)
def test_every_pair_is_a_row_or_refused(workflow: Workflow) -> None:
    rows = {(verb, old): new for verb, old, new in workflow.rows}
    assert len(rows) == len(workflow.rows), "one verb leads to one state"
    for verb in {verb for verb, _, _ in workflow.rows}:
        for state in workflow.states:
            if (verb, state) in rows:
                assert workflow.next(state, verb) == rows[verb, state]
                assert verb in workflow.verbs(state)
            else:
                with pytest.raises(WrongState):
                    workflow.next(state, verb)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.noun)
def test_every_state_can_be_reached(workflow: Workflow) -> None:
    reached = {workflow.rows[0][1]}
    for _ in workflow.states:
        reached |= {new for _, old, new in workflow.rows if old in reached}
    assert reached == set(workflow.states)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda w: w.noun)
def test_every_step_has_a_way_back_or_the_reason_why_not(workflow: Workflow) -> None:
    lasting = dict(workflow.lasting)
    rows = workflow.rows
    without = {
        verb
        for verb, old, new in rows
        if not verb.startswith("undo")
        and not any(at == new and (to == old or back.startswith("undo")) for back, at, to in rows)
    }
    assert without <= set(lasting), "no way back, and no reason"
    assert set(lasting) <= {verb for verb, _, _ in rows}
    assert all(len(reason) > 10 for reason in lasting.values())
