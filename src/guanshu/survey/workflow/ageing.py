"""Who has a report in hand, and by when a submitted one should be reviewed."""

from datetime import date

from guanshu.survey.workflow.calendar import Holidays, add_working_days
from guanshu.survey.workflow.states import State

# A submitted report that has waited longer than this is somebody's concern, in working days.
REVIEW_DAYS = 3

_FILLER, _REVIEWER, _PROVINCE = "填报人", "审核人", "省级"
_HOLDERS = {
    State.NOT_STARTED: _FILLER,
    State.FILLING: _FILLER,
    State.IN_REVIEW: _REVIEWER,
    State.RETURNED_IN_HOUSE: _FILLER,
    State.AWAITING_STAMP: _REVIEWER,
    State.SUBMITTED: _PROVINCE,
    State.RETURNED_BY_PROVINCE: _FILLER,
}


def holder(state: State) -> str:
    """Return who has to do the next step: 填报人, 审核人 or 省级; "" for what is finished."""
    return _HOLDERS.get(state, "")


def review_by(submitted: date, review_due: date, holidays: Holidays) -> date:
    """Return the day by which a submitted report should be reviewed.

    REVIEW_DAYS working days after its submission, but not beyond the province's deadline; what comes after the
    deadline itself (a late resubmission) gets the working days all the same.
    """
    target = add_working_days(submitted, REVIEW_DAYS, holidays)
    return target if submitted >= review_due else min(target, review_due)
