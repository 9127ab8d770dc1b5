"""退回意见: comments on cells as the museum's pages show them, and the box in which the reviewer writes one."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.http import urlencode

from guanshu.portal.models import CellComment, Report, Role
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.web.shared.entry.panel import Link, PanelMaker
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.definition.address import UnknownAddress
from guanshu.survey.definition.model import Table


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment. `done` says how it was settled, "" while it is not."""

    id: int
    address: str
    link: Link
    who: str
    at: datetime
    text: str
    value: str
    reply: str
    done: str
    draft: bool
    change_url: str


@dataclass(frozen=True, slots=True)
class Writing:
    """The box: the cell it is about, and the draft that is there already."""

    address: str
    link: Link
    text: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """The comments beside a table: its own first, then the others; `todo` are those still to settle."""

    todo: int
    drafts: int
    here: tuple[Remark, ...]
    elsewhere: tuple[Remark, ...]
    replying: bool
    commenting: bool
    writing: Writing | None
    query: str

    @property
    def shown(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.here or self.elsewhere or self.commenting)


class RemarksMaker:
    """Makes the comments of one page."""

    def __init__(self, reading: Reading[OpenReport], query: str = "") -> None:
        self.reading = reading
        self.query = query
        self.links = PanelMaker(reading, query)

    def beside(self, table: Table | None = None, writing: str = "") -> Remarks:
        """Return the comments beside a table (or of the whole report); `writing` is the address the box is open on."""
        current = self.reading.opened.report.round
        shown = [
            comment
            for comment in self.reading.comments
            if comment.draft or comment.round == current or not comment.settled
        ]
        here = [comment for comment in shown if table is None or self._table(comment.address) == table.number]
        others = [comment for comment in shown if comment not in here]
        box = self._writing(writing) if writing and self.reading.commenting else None
        return Remarks(
            todo=sum(not (comment.draft or comment.settled) for comment in shown),
            drafts=sum(comment.draft for comment in shown),
            here=tuple(self.remark(comment) for comment in here if box is None or not _written(comment, box)),
            elsewhere=tuple(self.remark(comment) for comment in others),
            replying=self.reading.editable,
            commenting=self.reading.commenting,
            writing=box,
            query=self.query,
        )

    def remark(self, comment: CellComment) -> Remark:
        """Return one comment."""
        link = self.links.link(comment.address)
        page = link.url.partition("#")[0].partition("?")[0]
        done = "已回复" if comment.replied_at else "已修改" if comment.changed_at else ""
        return Remark(
            id=comment.pk,
            address=comment.address,
            link=link,
            who=office_of(comment.by_role, self.reading.opened.report),
            at=comment.at,
            text=comment.text,
            value=comment.value,
            reply=comment.reply,
            done=done,
            draft=comment.draft,
            change_url=f"{page}?{urlencode({'comment': comment.address})}#comments",
        )

    def _table(self, address: str) -> str:
        try:
            return self.reading.opened.form.table_of(address)
        except UnknownAddress:
            return ""

    def _writing(self, address: str) -> Writing | None:
        try:
            self.reading.opened.form.address(address)
        except UnknownAddress:
            return None
        drafts = (comment.text for comment in self.reading.comments if comment.draft and comment.address == address)
        return Writing(address, self.links.link(address), next(drafts, ""))


def _written(comment: CellComment, box: Writing) -> bool:
    return comment.draft and comment.address == box.address


def office_of(role: str, report: Report) -> str:
    """Return whose words these are: the province by its name, people of the museum by their role."""
    if role == Role.PROVINCE.value:
        return report.museum.province.name
    if role == Role.SYSTEM.value:
        return "全国管理员"
    return f"本馆{Role(role).label}" if role in Role.values else ""


@lru_cache(maxsize=100)
def remarks_html(remarks: Remarks, number: str) -> str:
    """Return the comments beside a table."""
    return render_to_string("museum/_remarks.html", {"remarks": remarks, "page_number": number})
