"""Findings as the pages show them: names of classes, sentences under a cell, where a finding points to."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from guanshu.portal.domain.deciding import Conflict
from guanshu.portal.models import CellComment
from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.checks.findings import CheckClass, Finding

# CSS names of the classes; see guanshu.css §5.
CSS = {
    CheckClass.MANDATORY: "mandatory",
    CheckClass.QUASI: "quasi",
    CheckClass.VERIFY: "verify",
    CheckClass.HINT: "hint",
}
LEAD = {
    CheckClass.MANDATORY: "必须修改",
    CheckClass.QUASI: "请修改",
    CheckClass.VERIFY: "请核实",
    CheckClass.HINT: "提示",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence under a cell. `kind` is a CSS name: a class of findings, `problem`, `conflict` or `comment`."""

    address: str
    kind: str
    lead: str
    message: str

    @property
    def tone(self) -> str:
        """Return how the cell itself is marked: bad, warn or nothing."""
        return _TONES.get(self.kind, "")


_TONES = {
    "mandatory": "bad",
    "problem": "bad",
    "quasi": "bad",
    "verify": "warn",
    "conflict": "warn",
    "comment": "warn",
}


def finding_note(finding: Finding) -> Note:
    """Return the note of one finding, under its first cell."""
    kind, lead = CSS[finding.cls], LEAD[finding.cls]
    if finding.cls is CheckClass.VERIFY and not finding.open:
        kind, lead = "hint", "已说明"
    return Note(finding.cells[0] if finding.cells else "", kind, lead, finding.message)


def comment_note(comment: CellComment) -> Note:
    """Return the note of one comment; one that is settled is quiet."""
    if comment.draft:
        return Note(comment.address, "comment", "意见（退回时发出）", comment.text)
    if comment.settled:
        return Note(comment.address, "hint", "退回意见已处理", comment.text)
    return Note(comment.address, "comment", "退回意见", comment.text)


def conflict_sentence(reading: Reading[Opened], address: str, conflict: Conflict) -> str:
    """Return the sentence for somebody whose browser runs no script: both values, and what saving again does."""
    shown = reading.show_stored(address, conflict.stored)[1] or "空白"
    when = timezone.localtime(conflict.at).strftime("%H:%M") if conflict.at else ""
    who = f"{conflict.actor or '他人'} {when}".strip()
    return f"{who} 已将这一格改为「{shown}」。再次保存将以您填写的为准；要用对方的，请改回后保存。"


def notes_of(reading: Reading[Opened]) -> Mapping[str, list[Note]]:
    """Return every note by the cell it stands under: comments, findings, then what a refused post brought."""
    found: dict[str, list[Note]] = {}
    for comment in reading.comments:
        if comment.draft or comment.round == reading.round or not comment.settled:
            found.setdefault(comment.address, []).append(comment_note(comment))
    for finding in reading.evaluation.findings:
        note = finding_note(finding)
        found.setdefault(note.address, []).append(note)
    for address, message in reading.draft.problems.items():
        found.setdefault(address, []).append(Note(address, "problem", "未保存", message))
    for address, conflict in reading.draft.conflicts.items():
        message = conflict_sentence(reading, address, conflict)
        found.setdefault(address, []).append(Note(address, "conflict", "未保存", message))
    return found
