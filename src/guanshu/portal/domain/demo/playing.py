"""Plays the demo's season: each step is the real operation, done by the account it belongs to, on its own day."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal.access import reports
from guanshu.portal.domain.accounts import record_login
from guanshu.portal.domain.demo import papers
from guanshu.portal.domain.demo.members import DemoProblem, Member
from guanshu.portal.domain.demo.reports import Drawn, partly, slip
from guanshu.portal.domain.demo.season import Part, Step
from guanshu.portal.domain.files import store_upload
from guanshu.portal.domain.naming import role_of
from guanshu.portal.domain.reporting import (
    comment_on_cell,
    declare_exemption,
    grant_extension,
    perform,
    reply_to_comment,
    waive_finding,
)
from guanshu.portal.domain.saving import Change, save_answers
from guanshu.portal.domain.stamping import pdf_path, print_ahead, store_scan, version_pdf
from guanshu.portal.models import Account, CellComment, Report, ReportVersion, Role, StoredFile
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.files import missing_files
from guanshu.portal.queries.reports import open_report
from guanshu.survey.workflow.actions import Action

_COMPLETE = 100
# How long a table takes whoever fills table by table.
_A_TABLE = timedelta(minutes=4)
_PAPERS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "annual_summary": ("年度工作总结.docx", papers.annual_summary),
    "free_report": ("免费开放工作材料.zip", papers.free_report),
}
_ACTIONS = {action.value: action for action in Action}


@dataclass
class Trace:
    """What has come to lie on the disk: to be removed when the demo is not made after all."""

    files: list[uuid.UUID] = field(default_factory=list)
    printed: list[Path] = field(default_factory=list)


@dataclass
class Player:
    """One museum's report and everybody who works on it.

    number: the report's key; draw: gives the figures of the open year; pool: where PDFs are made while
    others go on; trace: see Trace.
    """

    number: int
    member: Member
    part: Part
    draw: Callable[[], Drawn]
    slips: Sequence[tuple[str, str]]
    pool: Executor
    trace: Trace
    _typed: dict[str, object] = field(default_factory=dict)
    _stored: dict[str, object] = field(default_factory=dict)
    _saves: int = 0
    _people: dict[Role, Account] = field(default_factory=dict)
    _printing: Future[bytes] | None = None

    @cached_property
    def drawn(self) -> Drawn:
        """Return the museum's figures, drawn when they are first needed."""
        return self.draw()

    @property
    def report(self) -> Report:
        """Return the report as it is now."""
        return reports().get(pk=self.number)

    def do(self, step: Step, now: datetime) -> None:
        """Do one step of the story. Raises DemoProblem when the data files tell what cannot be."""
        actor = self._who(step.who, now)
        try:
            if step.verb in _ACTIONS:
                self._act(_ACTIONS[step.verb], actor, step, now)
            else:
                _VERBS[step.verb](self, actor, step, now)
        except (OperationProblem, KeyError) as error:
            message = f"演示数据有误：{self.member.museum.code} {step.verb} {error}"
            raise DemoProblem(message) from error

    def _who(self, role: Role, now: datetime) -> Account:
        """Return the account a step belongs to; whoever comes for the first time logs in."""
        if role not in self._people:
            museum = self.member.museum
            own = {"province": museum.province_id} if role is Role.PROVINCE else {"museum": museum}
            account = Account.objects.get(role=role.value, **own)
            if account.first_login_at is None:
                record_login(account=account, now=now)
            self._people[role] = account
        return self._people[role]

    def _act(self, action: Action, actor: Account, step: Step, now: datetime) -> None:
        report = perform(report=self.report, actor=actor, action=action, now=now, reason=step.text, category=step.about)
        if action is Action.PASS_IN_HOUSE and "scan" in self.part.verbs:
            version = _version(report)
            self.trace.printed.append(pdf_path(version))
            self._printing = print_ahead(version, self.pool)

    def fill(self, actor: Account, step: Step, now: datetime) -> None:
        """Type the museum's figures as its filler would, as far as it has come."""
        percent = int(step.about or self.part.percent)
        tables = self.drawn.changes()
        if percent < _COMPLETE:
            tables = partly(tables, percent, self.member.chance)
        if self.part.mistaken:
            tables = slip(tables, self.drawn, self.slips, self.member.chance)
        new = [[(address, value) for address, value in table if self._typed.get(address) != value] for table in tables]
        if self.member.index:
            # Much faster than table by table.
            new = [[change for table in new for change in table]]
        for place, changes in enumerate(filter(None, new)):
            self._save(actor, changes, now + place * _A_TABLE)

    def type(self, actor: Account, step: Step, now: datetime) -> None:
        """Type one answer."""
        text = self.drawn.draft.values[step.text[1:]] if step.text.startswith("=") else step.text
        self._save(actor, [(step.about, text)], now)

    def explain(self, actor: Account, step: Step, now: datetime) -> None:
        """Answer for everything that is asked."""
        findings = open_report(self.report).evaluation.findings
        asked = [(finding.key, step.text) for finding in findings if finding.open]
        if asked:
            self._save(actor, asked, now)

    def _save(self, actor: Account, changes: Sequence[tuple[str, object]], now: datetime) -> None:
        self._saves += 1
        result = save_answers(
            report=self.report,
            actor=actor,
            request_id=f"demo-{self._saves}",
            body=json.dumps(changes, ensure_ascii=False).encode(),
            changes={address: Change(self._stored.get(address), new) for address, new in changes},
            now=now,
        )
        refused = {**result.problems, **result.conflicts}
        if refused:
            raise DemoProblem(f"演示数据有误：{self.member.museum.code} {next(iter(refused.items()))}")
        self._typed.update(changes)
        self._stored.update(result.saved)

    def attach(self, actor: Account, _step: Step, now: datetime) -> None:
        """Upload every file that is still missing."""
        opened = open_report(self.report)
        for purpose in missing_files(opened.report, opened):
            name, made = _PAPERS[role_of(opened.compiled.questionnaire, purpose)]
            upload = SimpleUploadedFile(name, made())
            file = store_upload(report=opened.report, purpose=purpose, upload=upload, actor=actor, now=now)
            self.trace.files.append(file.pk)

    def scan(self, actor: Account, _step: Step, now: datetime) -> None:
        """Upload the printed report with a seal on it."""
        report = self.report
        if self._printing is not None:
            self._printing.result()
        pdf = papers.sealed(version_pdf(_version(report)), self.member.museum.name)
        upload = SimpleUploadedFile("盖章扫描件.pdf", pdf)
        self.trace.files.append(store_scan(report=report, uploads=[upload], actor=actor, now=now).file_id)

    def comment(self, actor: Account, step: Step, now: datetime) -> None:
        """Draft a question about a cell."""
        comment_on_cell(report=self.report, actor=actor, address=step.about, text=step.text, now=now)

    def reply(self, actor: Account, step: Step, now: datetime) -> None:
        """Answer the question about a cell."""
        asked = CellComment.objects.get(report=self.number, address=step.about, round__isnull=False)
        reply_to_comment(report=self.report, actor=actor, comment=asked.pk, text=step.text, now=now)

    def waive(self, actor: Account, step: Step, now: datetime) -> None:
        """Let a finding stand."""
        waive_finding(report=self.report, actor=actor, key=step.about, reason=step.text, now=now)

    def extend(self, actor: Account, step: Step, now: datetime) -> None:
        """Allow more time."""
        until = date.fromisoformat(step.about)
        grant_extension(report=self.report, actor=actor, until=until, reason=step.text, now=now)

    def exempt(self, actor: Account, step: Step, now: datetime) -> None:
        """Declare that the museum need not report."""
        upload = SimpleUploadedFile("情况说明.docx", papers.statement())
        declare_exemption(
            report=self.report, actor=actor, category=step.about, reason=step.text, upload=upload, now=now
        )
        kept = StoredFile.objects.filter(report=self.number, purpose=StoredFile.EXEMPTION)
        self.trace.files.extend(kept.values_list("pk", flat=True))


_VERBS: Mapping[str, Callable[[Player, Account, Step, datetime], None]] = {
    "fill": Player.fill,
    "type": Player.type,
    "explain": Player.explain,
    "attach": Player.attach,
    "scan": Player.scan,
    "comment": Player.comment,
    "reply": Player.reply,
    "waive": Player.waive,
    "extend": Player.extend,
    "exempt": Player.exempt,
}


def _version(report: Report) -> ReportVersion:
    return ReportVersion.objects.select_related("report").get(report=report, number=report.version)
