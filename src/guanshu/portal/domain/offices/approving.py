"""The nation approves an application: the museum, its accounts and its report come into being in one transaction."""

from datetime import datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.accounts import create_museum_accounts
from guanshu.portal.domain.campaigns import create_reports
from guanshu.portal.domain.offices.applying import duplicate_sentence
from guanshu.portal.domain.offices.deciding import reason_of, settle, take
from guanshu.portal.domain.offices.telling import tell_province
from guanshu.portal.domain.people import set_person
from guanshu.portal.models import Account, Application, FreeStatus, Museum
from guanshu.portal.problems import WrongState
from guanshu.portal.queries.applications import base_of, next_code, people_of
from guanshu.portal.queries.lookalikes import lookalikes
from guanshu.survey.workflow.requests import RequestAction

SOURCE = "application"


def approve_application(*, application: Application, actor: Account, now: datetime, reason: str = "") -> Application:
    """Make the museum an application asks for, its free status, both accounts with their people, and its report.

    Initial passwords are shown to nobody here: the accounts are 未分配 until the province makes its slips. Raises
    NotYours, and WrongState when it was decided meanwhile or the name has come to be taken.
    """
    with transaction.atomic():
        locked, move = take(application, RequestAction.APPROVE, actor=actor)
        given = reason_of(move, reason, "说明")
        same = next((each for each in lookalikes(locked.name, locked.province, apart=locked.pk) if each.same), None)
        if same is not None:
            raise WrongState(f"不能同意：{duplicate_sentence(same)}")
        locked.museum = _make_museum(locked, actor, now)
        locked.save(update_fields=["museum"])
        _open_accounts(locked, locked.museum, actor, now)
        if not locked.campaign.closed:
            create_reports(campaign=locked.campaign, only=locked.museum)
        settle(locked, move, RequestAction.APPROVE, actor=actor, reason=given, now=now)
        tell_province(locked, "application_approved", now)
    return locked


def _make_museum(application: Application, actor: Account, now: datetime) -> Museum:
    base = base_of(application.province, application.level, application.division)
    code = next_code(base)
    if not code:
        raise WrongState(f"以 {base} 开头的编号已经用完，不能再增设科技馆，请联系系统维护人员。")
    museum = Museum.objects.create(
        code=code,
        name=application.name,
        province=application.province,
        city=application.city,
        division=application.division,
        level=application.level,
    )
    if application.free:
        FreeStatus.objects.create(museum=museum, year=application.campaign.year)
    audit.record(
        stream=f"museum:{code}",
        actor=actor.username,
        action="create_museum",
        object=code,
        details={"application": application.number, "name": museum.name, "free": application.free},
        now=now,
    )
    return museum


def _open_accounts(application: Application, museum: Museum, actor: Account, now: datetime) -> None:
    people = people_of(application)
    for made in create_museum_accounts(museums=[museum], actor=actor.username, now=now):
        person = people[made.account.role]
        set_person(account=made.account, person=person, actor=actor.username, source=SOURCE, now=now)
