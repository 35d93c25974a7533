"""Every change of the plan, its measures and the questions to owners."""

from ortsdialog.deliver.plan.actions.measures import change_state, edit_measure, propose_measure, put_back
from ortsdialog.deliver.plan.actions.plans import (
    add_field,
    add_goal,
    edit_field,
    edit_goal,
    edit_vision,
    open_plan,
    publish_plan,
    remove_field,
    remove_goal,
    translate_plan,
    withdraw_plan,
)
from ortsdialog.deliver.plan.actions.requests import (
    Asked,
    answer_request,
    ask_owner,
    forget_owner_emails,
    record_answer,
    withdraw_request,
)
from ortsdialog.ground.process.refusals import NotReady

__all__ = [
    "Asked",
    "NotReady",
    "add_field",
    "add_goal",
    "answer_request",
    "ask_owner",
    "change_state",
    "edit_field",
    "edit_goal",
    "edit_measure",
    "edit_vision",
    "forget_owner_emails",
    "open_plan",
    "propose_measure",
    "publish_plan",
    "put_back",
    "record_answer",
    "remove_field",
    "remove_goal",
    "translate_plan",
    "withdraw_plan",
    "withdraw_request",
]
