"""确认信息无误, and 「已核对，盖章件与名单一致」: bound to the digest of what was looked at."""

from datetime import datetime

from django.db import transaction

from guanshu.portal.domain.filing.holding import LockedFiling, hold_filing
from guanshu.portal.models import Account, Confirmation, Filing
from guanshu.portal.problems import Unusable, WrongState
from guanshu.portal.queries.exports import Scope, standing
from guanshu.portal.queries.filingbasis import export_basis, scan_basis
from guanshu.portal.queries.filingcheck import EXPORTS, confirmations, counts
from guanshu.portal.queries.filingitems import filing_files, items
from guanshu.portal.queries.filings import open_filing

_CHANGED = "您查看之后数据有变动，没有确认。请刷新页面，核对后再确认。"


def confirm_export(*, filing: Filing, actor: Account, free: bool, basis: str, now: datetime) -> Confirmation:
    """Note that the province has looked at the workbook and found it right; `basis` is what its page was made from.

    Raises NotYours, WrongState (also when not every museum is done, or the data changed meanwhile).
    """
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        campaign = locked.filing.campaign
        if not standing(Scope(campaign, locked.filing.province, free)).final:
            raise WrongState("还有科技馆没有审核通过，数据尚未定稿；全部审核通过（或免报、已记录逾期原因）后再确认。")
        _check_same(basis, export_basis(locked.filing, free=free).digest)
        about = "导出Excel（免费科技馆）" if free else "导出Excel（全部）"
        return _confirm(locked, EXPORTS[free], basis, f"{about}：确认信息无误")


def confirm_scan_matches(*, filing: Filing, actor: Account, item: str, basis: str, now: datetime) -> Confirmation:
    """Note that a person has compared a sealed scan with its list. Raises NotYours, WrongState, Unusable."""
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        opened = open_filing(locked.filing)
        found = next((each for each in items(filing, opened.compiled.questionnaire) if each.key == item), None)
        if found is None:
            raise Unusable
        if found.scan not in filing_files(filing):
            raise WrongState("还没有上传盖章扫描件，请先上传。")
        _check_same(basis, scan_basis(opened, found).digest)
        return _confirm(locked, f"scan-{item}", basis, f"{found.label}：已核对，盖章件与名单一致")


def _check_same(seen: str, now: str) -> None:
    if seen != now:
        raise WrongState(_CHANGED)


def _confirm(locked: LockedFiling, what: str, basis: str, about: str) -> Confirmation:
    before = confirmations(locked.filing).get(what)
    if before is not None and counts(before, basis):
        return before
    made = Confirmation.objects.create(
        filing=locked.filing, what=what, basis=basis, by=locked.account.username, at=locked.moment
    )
    locked.note("confirm_filing", what=what, basis=basis, about=about)
    return made
