"""免费开放审核: remarks on a museum's report, told to its province, which decides what the museum hears of them."""

from datetime import datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.reporting.locking import required
from guanshu.portal.models import Account, Report, ReportRemark, Role
from guanshu.portal.problems import Incomplete, NotYours, Unusable, WrongState
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.remarks import may_remark
from guanshu.survey.definition.address import UnknownAddress

LONGEST = 500


def remark_on_report(*, report: Report, actor: Account, address: str, text: str, now: datetime) -> ReportRemark:
    """Tell the province something about a cell ("" = the report as a whole).

    Raises NotYours, WrongState before the report is with the province, Incomplete for no text or too much, Unusable
    for an address the form does not have. `report` is from access_report.
    """
    _check_actor(actor)
    wanted = required(text, "意见")
    if len(wanted) > LONGEST:
        raise Incomplete(f"意见有 {len(wanted)} 个字，最多 {LONGEST} 个字，请删减。")
    with transaction.atomic():
        live = Report.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=report.pk)
        if not may_remark(live):
            raise WrongState("报表提交省级科协之后、本年度采集结束之前才能提出意见。请刷新页面查看。")
        if address:
            try:
                form(live.questionnaire_id).address(address)
            except UnknownAddress:
                raise Unusable("问卷中没有这一格，意见没有保存。请刷新页面后重试。") from None
        remark = ReportRemark.objects.create(report=live, address=address, text=wanted, by=actor.username, at=now)
        _record(actor, "remark_on_report", live, now, remark)
    return remark


def withdraw_remark(*, report: Report, actor: Account, remark: int, now: datetime) -> None:
    """Take a remark back; it stays on record. Raises NotYours, WrongState."""
    _check_actor(actor)
    with transaction.atomic():
        own = ReportRemark.objects.select_for_update(no_key=True, of=("self",))
        found = own.filter(report=report, pk=remark, by=actor.username, withdrawn_at=None).first()
        if found is None:
            raise WrongState("这条意见不存在、已经撤回或属于他人，请刷新页面查看。")
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at"])
        _record(actor, "withdraw_remark", report, now, found)


def _check_actor(actor: Account) -> None:
    if actor.role != Role.FREE_REVIEWER.value or not actor.is_active:
        raise NotYours("这类意见只能由免费开放审核账号提出，您的账号不能进行此操作。")


def _record(actor: Account, action: str, report: Report, now: datetime, remark: ReportRemark) -> None:
    audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action=action,
        object=report.number,
        details={"address": remark.address, "remark": remark.pk},
        now=now,
    )
