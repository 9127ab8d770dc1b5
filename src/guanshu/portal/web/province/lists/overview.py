"""/province/materials/: 报送材料, every list with its state, what is left, and the one thing to do next."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from guanshu.portal.models import Filing
from guanshu.portal.queries.continuity import asked
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.listed import role_of_list
from guanshu.portal.web.province.lists.pages import open_page, page, surroundings
from guanshu.portal.web.shared.entry.frame import Frame, NavItem
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.definition.model import Table, TableKind


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list: its place in the menu, what is in it, and where its Word file and scan are dealt with."""

    item: NavItem
    standing: str
    tone: str
    paper: str
    pdf: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a sentence and a button."""

    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """A further page of 报送材料 that belongs to somebody else's step."""

    title: str
    text: str
    url: str


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show how far the lists are, until when, and what is left."""
    reading = open_page(request)
    around = surroundings(request, reading)
    frame: Frame = around["frame"]
    museums = asked(reading.opened)
    left = sum(each.open for each in museums)
    context = {
        **around,
        "lines": _lines(reading, frame),
        "step": _step(frame, left),
        "further": _further(frame),
        "left": left,
        "museums": len(museums),
        "years": _years(reading.opened.filing),
        "continuity_url": reverse("province:continuity") + frame.query,
        "here_step": True,
    }
    return page(request, "province/lists/overview.html", context)


def _lines(reading: Reading[OpenFiling], frame: Frame) -> list[ListLine]:
    items = {item.number: item for group in frame.groups for item in group.items}
    return [_line(reading, frame, table, items[table.number]) for table in reading.form.tables]


def _line(reading: Reading[OpenFiling], frame: Frame, table: Table, item: NavItem) -> ListLine:
    standing, tone = _standing(reading, table, item)
    role = role_of_list(reading.opened, table)
    printed = bool(role) and item.applies and bool(table.heading.get("paper_title"))
    word, pdf = (_address(name, role) if printed else "" for name in ("province:paper", "province:paper_pdf"))
    return ListLine(item, standing, tone, word + frame.query if word else "", pdf + frame.query if pdf else "")


def _standing(reading: Reading[OpenFiling], table: Table, item: NavItem) -> tuple[str, str]:
    """Return what is in a list in a few words, and the stylesheet's word for it."""
    if not item.applies:
        return "不适用", "hint"
    if table.kind is TableKind.ROWS:
        rows = len(reading.rows(table))
        if rows:
            return f"{rows} 行", ""
        return (table.none_label, "ok") if table.name in reading.answers.none else ("空白", "verify")
    return ("已填写", "ok") if item.complete else ("空白", "verify") if not item.given else ("未填全", "verify")


def _step(frame: Frame, left: int) -> Step:
    if not frame.editable:
        return Step(frame.refusal)
    following = frame.next_table
    if following is not None:
        begun = frame.saved_at is not None
        text = (
            f"还有 {frame.missing} 项没有填写，{frame.problems} 个问题要修改或说明。"
            if begun
            else "请填写各份名单，内容自动保存。名单可按系统已有的数据提出、从 Excel 粘贴或从文件导入。"
        )
        return Step(
            text, f"{'继续' if begun else '开始'}填写 {following.number_label} {following.title}", following.url
        )
    if left:
        return Step(
            f"名单已填写完整。上年名单中还有 {left} 座科技馆要说明情况。",
            "说明上年名单的延续情况",
            reverse("province:continuity") + frame.query,
        )
    submission = _address("province:submission")
    if submission:
        return Step(
            "名单已填写完整，请准备 Word 文件和盖章扫描件，然后信息上报。", "信息上报", submission + frame.query
        )
    return Step("名单已填写完整，没有需要处理的问题。", "查看审核结果", frame.check_url)


def _further(frame: Frame) -> list[Further]:
    """Return the pages that come after the lists, as far as there are any."""
    known = (
        ("附件1 省级科协管理员信息采集表", "管理员的单位、姓名、电话，有变动时更新", "province:annex1"),
        ("自评报告", "Word 初稿、文号、定稿", "province:evaluation"),
        ("Word 文件和盖章扫描件", "上传、核对", "province:materials_files"),
        ("信息上报", "核对清单、打包、上报", "province:submission"),
    )
    return [Further(title, text, url + frame.query) for title, text, name in known if (url := _address(name))]


def _years(filing: Filing) -> list[int]:
    """Return the other years of which the province has lists, newest first."""
    others = Filing.objects.filter(province=filing.province_id, saves__gt=0).exclude(pk=filing.pk)
    return list(others.order_by("-campaign__year").values_list("campaign__year", flat=True))


def _address(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
