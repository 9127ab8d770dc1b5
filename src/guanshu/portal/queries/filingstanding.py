"""Where a filing stands: what the table of its workflow reads of it, what it lets whom do now, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from guanshu.portal import clock
from guanshu.portal.access import filings
from guanshu.portal.models import Account, AuditRecord, Campaign, Filing, FilingReturn, Package, Province, Role
from guanshu.portal.queries.standing import actor_of
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import day_of
from guanshu.survey.workflow.filing import (
    FILING_TRANSITIONS,
    FilingAction,
    FilingFacts,
    filing_performs,
    filing_refusal,
)
from guanshu.survey.workflow.filingstates import FILING_EDITABLE, FilingState


@dataclass(frozen=True)
class FilingStanding:
    """A filing with everything the rules read."""

    filing: Filing
    facts: FilingFacts

    @property
    def state(self) -> FilingState:
        """Return the filing's state."""
        return FilingState(self.filing.state)

    @property
    def editable(self) -> bool:
        """Return whether lists and materials may be changed now."""
        return self.state in FILING_EDITABLE and not self.facts.closed

    def refusal(self, action: FilingAction, actor: Actor) -> str:
        """Return why the actor may not do this now and what to do instead; "" when it may be done."""
        return filing_refusal(action, self.state, actor, self.facts)

    @property
    def edit_refusal(self) -> str:
        """Return why nothing can be changed now, "" when it can."""
        if self.editable:
            return ""
        if self.facts.closed:
            return f"{self.filing.campaign.year} 年度的数据采集已经结束，上报材料不能再变动。"
        return f"上报材料当前为「{self.state.label}」状态，不能改动。需要修改的，请先撤回上报或由全国退回。"


def stand_filing(filing: Filing, today: date) -> FilingStanding:
    """Return where a filing stands on a business day; `filing` is from access."""
    due, extended = filing.campaign.province_submit_due, filing.extended_until
    facts = FilingFacts(
        today=today,
        deadline=max(due, extended) if extended else due,
        returned=filing.returned_at is not None,
        window_until=filing.window_until,
        submitted_before=filing.first_submitted_at is not None,
        opened=filing.opened_at is not None,
        closed=filing.campaign.closed,
    )
    return FilingStanding(filing, facts)


def find_filing(province: Province | None, campaign: Campaign) -> Filing | None:
    """Return a province's filing of a year, None when there is none (a year without filings, or the whole country)."""
    return filings().filter(province=province, campaign=campaign).first() if province is not None else None


def filing_actor(account: Account, filing: Filing) -> Actor | None:
    """Return what the account is in the filing's workflow, None when it has no part in it."""
    actor = actor_of(account)
    if actor is Actor.PROVINCE and account.province_id == filing.province_id:
        return actor
    return actor if actor is Actor.NATION else None


@dataclass(frozen=True, slots=True)
class FilingSituation:
    """A filing as one account sees it now; `refusals` tells why its other actions may not be done."""

    standing: FilingStanding
    actions: frozenset[FilingAction]
    refusals: Mapping[FilingAction, str]

    @property
    def state(self) -> FilingState:
        """Return the filing's state."""
        return self.standing.state


def filing_situation(filing: Filing, account: Account) -> FilingSituation:
    """Return where a filing stands and what the account may do about it; the checklist is not looked at."""
    standing, actor = stand_filing(filing, clock.today()), filing_actor(account, filing)
    refusals = (
        {action: standing.refusal(action, actor) for action in FILING_TRANSITIONS if filing_performs(actor, action)}
        if actor is not None
        else {}
    )
    return FilingSituation(
        standing=standing,
        actions=frozenset(action for action, sentence in refusals.items() if not sentence),
        refusals={action: sentence for action, sentence in refusals.items() if sentence},
    )


@dataclass(frozen=True, slots=True)
class FilingEvent:
    """One line of a filing's history."""

    at: datetime
    code: str
    action: str
    actor: str
    role: str
    before: str
    after: str
    reason: str
    until: date | None
    about: str
    late: bool


_WORDS = {
    **{action.value: action.label for action in FilingAction},
    "upload_filing_file": "上传材料",
    "remove_filing_file": "撤下材料",
    "confirm_filing": "确认",
    "build_package": "生成材料包",
    "receive_package": "上传材料包",
    "assign_member": "指定材料",
    "download_package": "下载材料包",
}


def filing_history(filing: Filing, *, moves_only: bool = False) -> tuple[FilingEvent, ...]:
    """Return what happened to a filing, newest first; what was saved in the lists is in the record of saves."""
    words = [action.value for action in FilingAction] if moves_only else list(_WORDS)
    records = AuditRecord.objects.filter(stream=filing_stream(filing), action__in=words)
    return tuple(_event(record) for record in records.order_by("-seq"))


def filing_stream(filing: Filing) -> str:
    """Return the name of the stream in which a filing's history is kept."""
    return f"filing:{filing.number}"


def _event(record: AuditRecord) -> FilingEvent:
    details = record.details
    role = details.get("role", "")
    return FilingEvent(
        at=record.at,
        code=record.action,
        action=_WORDS[record.action],
        actor=record.actor,
        role=str(Role(role).label) if role in Role.values else "",
        before=_label(details.get("from", "")),
        after=_label(details.get("to", "")),
        reason=details.get("reason", ""),
        until=date.fromisoformat(details["until"]) if details.get("until") else None,
        about=details.get("about", ""),
        late=bool(details.get("late")),
    )


def _label(state: str) -> str:
    return FilingState(state).label if state else ""


@dataclass(frozen=True, slots=True)
class FilingReceipt:
    """A submission confirmed. `place` counts from the first; `hash` proves the record of it (the stream's head)."""

    place: int
    at: datetime
    actor: str
    package: Package
    hash: str
    late: bool


def filing_receipts(filing: Filing) -> tuple[FilingReceipt, ...]:
    """Return the receipts of a filing's submissions, newest first."""
    records = AuditRecord.objects.filter(stream=filing_stream(filing), action=FilingAction.SUBMIT.value).order_by("seq")
    packages = {package.serial: package for package in Package.objects.filter(filing=filing).select_related("file")}
    found = [
        FilingReceipt(
            place, record.at, record.actor, packages[record.details["package"]], record.hash, record.details["late"]
        )
        for place, record in enumerate(records, 1)
    ]
    return tuple(reversed(found))


def latest_return(filing: Filing) -> FilingReturn | None:
    """Return the nation's last return."""
    return FilingReturn.objects.filter(filing=filing).order_by("-round").first()


def submitted_late(filing: Filing) -> bool:
    """Return whether the first submission came after the campaign's own day, extended or not."""
    first = filing.first_submitted_at
    return first is not None and day_of(first) > filing.campaign.province_submit_due
