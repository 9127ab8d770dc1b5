"""Looking at hidden names and telephone numbers: allowed where work needs it, and recorded."""

from datetime import datetime, timedelta
from typing import Any

from guanshu.portal import audit
from guanshu.portal.models import Account, Application, AuditRecord, Report, Role, StoredFile
from guanshu.portal.problems import NotYours
from guanshu.portal.queries.people import person_of

_ONE_LOOK = timedelta(hours=1)


def record_reveal(*, report: Report, actor: Account, now: datetime) -> AuditRecord:
    """Record that somebody looked at the personal cells of a report; what they hold is in no record."""
    return audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action="reveal_personal",
        object=report.number,
        details={"role": actor.role},
        now=now,
    )


def reveal_phone(*, account: Account, actor: Account, now: datetime) -> str:
    """Return the number of an account's holder, "" when there is none, and record that somebody looked at it."""
    _record(actor, "reveal_phone", account.username, now)
    return person_of(account).phone


def record_phone_search(*, actor: Account, found: int, now: datetime) -> None:
    """Record that accounts were looked for by a number; the number itself is in no record."""
    _record(actor, "search_phone", "", now, found=found)


def record_download(
    *,
    action: str,
    object: str,  # noqa: A002 - the trail's word
    actor: Account,
    now: datetime,
    **details: Any,
) -> None:
    """Note that somebody took a file out of the system; action: download_file, download_pdf, download_paper
    or download_draft.
    """
    _record(actor, action, object, now, **details)


def record_look(*, file: StoredFile, actor: Account, now: datetime) -> None:
    """Note that somebody read a kept file on the screen; its pages within an hour are one look."""
    about = {"about": file.official_name, "sha256": file.sha256}
    lately = AuditRecord.objects.filter(
        actor=actor.username, action="look_file", object=file.owner, at__gt=now - _ONE_LOOK
    )
    if not any(seen["sha256"] == file.sha256 for seen in lately.values_list("details", flat=True)):
        _record(actor, "look_file", file.owner, now, **about)


def _record(actor: Account, action: str, about: str, now: datetime, /, **details: object) -> None:
    audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action=action,
        object=about,
        details={"role": actor.role, **details},
        now=now,
    )


def record_package_download(*, file: StoredFile, actor: Account, now: datetime) -> None:
    """Note in the filing's stream that somebody took its package, which holds all fields, people's names included."""
    audit.record(
        stream=f"filing:{file.owner}",
        actor=actor.username,
        action="download_package",
        object=file.owner,
        details={"role": actor.role, "about": file.official_name, "sha256": file.sha256},
        now=now,
    )


def record_request_reveal(*, asked: Application, actor: Account, now: datetime) -> AuditRecord:
    """Record that somebody looked at the people an application names. Raises NotYours for whoever needs it not."""
    if actor.role not in {Role.SYSTEM.value, Role.PROVINCE.value}:
        raise NotYours("您的账号不能查看申请中的个人信息。")
    return audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action="reveal_personal",
        object=asked.number,
        details={"role": actor.role},
        now=now,
    )
