"""An application or a correction on its page, whoever looks: what it says, who may do what, what happened."""

from typing import Any

from django.http import HttpRequest

from guanshu.portal.models import Application, Correction, Role
from guanshu.portal.queries.applications import people_of
from guanshu.portal.queries.lookalikes import lookalikes
from guanshu.portal.queries.registerchange import consequences
from guanshu.portal.queries.requests import actions_for, evidence_of, line_of, request_history
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.requests import OPEN

_LABELS = {Role.FILLER.value: Role.FILLER.label, Role.REVIEWER.value: Role.REVIEWER.label}


def application_context(request: HttpRequest, asked: Application, *, reveal: bool = False) -> dict[str, Any]:
    """Return what the page of an application shows; reveal: with both people's names and numbers."""
    account = account_of(request)
    people = people_of(asked) if reveal else {}
    return {
        "asked": asked,
        "campaign": asked.campaign,
        "actions": actions_for(account, asked),
        "evidence": evidence_of(asked),
        "history": request_history(asked),
        "people": [(_LABELS[who], people.get(who), shown) for who, shown in asked.phones.items()],
        "revealed": reveal,
        "may_reveal": account.role in {Role.SYSTEM.value, Role.PROVINCE.value},
        "now_alike": lookalikes(asked.name, asked.province, apart=asked.pk) if asked.standing in OPEN else [],
        "open": asked.standing in OPEN,
    }


def correction_context(request: HttpRequest, asked: Correction) -> dict[str, Any]:
    """Return what the page of a correction shows."""
    line = line_of(asked, account_of(request))
    return {
        "asked": asked,
        "line": line,
        "campaign": asked.campaign,
        "actions": line.actions,
        "evidence": evidence_of(asked),
        "history": request_history(asked),
        "consequences": consequences(asked.museum, asked.what, asked.new) if asked.standing in OPEN else [],
    }
