"""What a printed page says of itself: for whoever holds the paper. Nothing of the report's data is told."""

from dataclasses import dataclass
from enum import Enum

from django.conf import settings

from guanshu.portal.models import ReportVersion
from guanshu.survey.documents.report_pdf.codes import PageCode, read_page_code
from guanshu.survey.workflow.snapshot import parse_report_code
from guanshu.survey.workflow.states import EDITABLE, State


class Standing(Enum):
    """What a printed version is worth now; the value is the sentence a page shows."""

    APPROVED = "本版本是现行版本，已通过省级审核。"
    SUBMITTED = "本版本是现行版本，已提交省级科协，待审核。"
    PRINTED = "本版本是现行版本，尚未提交省级科协。"
    REVISED = "报表正在修改或馆内审核，以重新通过馆内审核的版本为准。"
    SUPERSEDED = "本版本已被新的版本代替，不再有效。"


@dataclass(frozen=True, slots=True)
class Verified:
    """A genuine page: whose, which version, where in the document, and what the version is worth now."""

    code: PageCode
    museum: str
    year: int
    version: int
    newest: int
    standing: Standing

    @property
    def good(self) -> bool:
        """Return whether the version is the one that counts."""
        return self.standing in {Standing.APPROVED, Standing.SUBMITTED, Standing.PRINTED}


def verify_page(typed: str) -> Verified | None:
    """Return what a page's code tells, bare or at the end of an address; None when no page of ours bears it."""
    keys = {name: key.encode() for name, key in settings.GUANSHU_PAGE_KEYS.items()}
    code = read_page_code(typed, keys)
    printed = parse_report_code(code.report) if code is not None else None
    if code is None or printed is None:
        return None
    number, version = printed
    found = ReportVersion.objects.filter(report__number=number, number=version)
    row = found.select_related("report__museum", "report__campaign").defer("snapshot").first()
    if row is None or not row.content_hash.upper().startswith(code.data):
        return None
    report = row.report
    standing = _standing(State(report.state), superseded=version != report.version)
    return Verified(code, report.museum.name, report.campaign.year, version, report.version, standing)


def _standing(state: State, *, superseded: bool) -> Standing:
    if superseded:
        return Standing.SUPERSEDED
    if state in EDITABLE or state is State.IN_REVIEW:
        return Standing.REVISED
    known = {State.APPROVED: Standing.APPROVED, State.SUBMITTED: Standing.SUBMITTED}
    return known.get(state, Standing.PRINTED)
