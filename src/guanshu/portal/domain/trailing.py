"""What the auditor does with the trail: export a part of it, have all of it verified. Both are on record themselves."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from guanshu.portal import audit
from guanshu.portal.domain.exporting import Exported
from guanshu.portal.domain.jobs import Progress, job, start_job
from guanshu.portal.domain.sealing.verifying import verify_everything
from guanshu.portal.models import Account, Job, JobState, Role, SaveRecord
from guanshu.portal.problems import NotYours
from guanshu.portal.queries.trail import Line, TrailFilter, trail_lines
from guanshu.portal.queries.trailchanges import changes_of, forms_of
from guanshu.survey.documents.trail_sheet import write_csv, write_xlsx

KIND = "verify_trail"
CSV, XLSX = "csv", "xlsx"
MOST_ROWS = 50_000
# Problems kept with a job; whoever has more of them needs the command and its whole list.
MOST_PROBLEMS = 200
_HEADS = ("时间", "账号", "操作", "对象", "链", "链内序号", "说明", "校验值")
_WIDTHS = (20, 14, 44, 20, 24, 9, 60, 66)


def export_trail(*, actor: Account, wanted: TrailFilter, form: str, now: datetime) -> Exported:
    """Return the filtered records as a file, newest first, at most MOST_ROWS of them. Raises NotYours."""
    _require_auditor(actor)
    rows = list(_rows(wanted))
    data = write_csv(_HEADS, rows) if form == CSV else write_xlsx("审计记录", _HEADS, rows, _WIDTHS)
    details = {"rows": len(rows), "wanted": wanted.words, "form": form}
    _record(actor, "export_trail", details, now)
    return Exported(f"审计记录_{localtime(now):%Y%m%d_%H%M%S}.{form}", data, len(rows))


def _rows(wanted: TrailFilter) -> Iterator[tuple[str, ...]]:
    batch: list[Line] = []
    for line in trail_lines(wanted, MOST_ROWS):
        batch.append(line)
        if len(batch) == 500:
            yield from _written(batch)
            batch = []
    yield from _written(batch)


def _written(lines: list[Line]) -> Iterator[tuple[str, ...]]:
    forms = forms_of(line.object for line in lines if line.is_save)
    for line in lines:
        record = line.record
        if isinstance(record, SaveRecord):
            found = changes_of(record, forms.get(record.report))
            told = "；".join(f"{each.table} {each.label}：{each.old} → {each.new}" for each in found)
        else:
            told = line.details
        yield (
            f"{localtime(record.at):%Y-%m-%d %H:%M:%S}",
            line.actor or "系统",
            line.sentence,
            line.object,
            line.chain,
            str(line.seq),
            told,
            line.hash,
        )


def ask_verification(*, actor: Account, now: datetime) -> Job:
    """Ask for the whole trail to be verified; one that is on its way is not asked for again. Raises NotYours."""
    _require_auditor(actor)
    running = last_verification(actor)
    if running is not None and running.state in {JobState.WAITING.value, JobState.RUNNING.value}:
        return running
    with transaction.atomic():
        _record(actor, "verify_trail", {}, now)
        return start_job(kind=KIND, key=f"{actor.username} {now.isoformat()}", actor=actor, arguments={}, now=now)


def last_verification(actor: Account) -> Job | None:
    """Return the last verification somebody asked for."""
    return Job.objects.filter(kind=KIND, owner=actor.username).order_by("-asked_at").first()


@job(KIND)
def verify_trail(_job: Job, progress: Progress) -> Mapping[str, Any]:
    """Walk everything; what is found is the job's result."""
    problems: list[str] = []
    count = 0
    for problem in verify_everything(told=lambda done, total: progress(done, total, "正在核对各条记录链")):
        count += 1
        if len(problems) < MOST_PROBLEMS:
            problems.append(problem)
    return {"count": count, "problems": problems}


def _require_auditor(actor: Account) -> None:
    if actor.role != Role.AUDITOR.value or not actor.is_active:
        raise NotYours("审计记录由安全审计员查看。")


def _record(actor: Account, action: str, details: Mapping[str, Any], now: datetime) -> None:
    audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action=action,
        object=actor.username,
        details=details,
        now=now,
    )
