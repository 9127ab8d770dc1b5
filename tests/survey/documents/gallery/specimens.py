"""Every document the system makes, from fixed data: one function a document, nothing of today in any of them."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from guanshu.survey.definition.answers import Answers
from guanshu.survey.documents.account_slips import SlipSheet, make_slips_pdf, make_slips_xlsx
from guanshu.survey.documents.account_slips.content import Slip
from guanshu.survey.documents.administrators import (
    CardContent,
    SummaryContent,
    SummaryLine,
    make_card_docx,
    write_summary,
)
from guanshu.survey.documents.blank_form import make_blank_docx, make_blank_pdf, make_blank_xlsx
from guanshu.survey.documents.export_workbook import ExportContent, ExportedReport, write_workbook
from guanshu.survey.documents.guide import Dates, make_guide, make_guide_pdf
from guanshu.survey.documents.merged_lists import MergedContent, UnitLists, write_merged_lists
from guanshu.survey.documents.province_lists import make_list_docx, make_list_pdf
from guanshu.survey.documents.self_evaluation.report import make_self_evaluation
from guanshu.survey.documents.summaries import annual_draft, annual_template, free_template
from guanshu.survey.documents.trail_sheet import write_xlsx
from tests.questionnaires.museum_2022 import consistent
from tests.survey.documents.lists_2022 import answers as lists
from tests.survey.documents.lists_2022 import form as province
from tests.survey.documents.printing import evaluated, full, museum, printed
from tests.survey.documents.test_self_evaluation import CONTENT

AT = datetime(2023, 2, 4, 9, 30, tzinfo=UTC)
NAME = "示例市科学技术馆"
LISTS = ("free", "planned", "construction", "conversion")


def _report() -> bytes:
    return printed(*full())


def _guide() -> bytes:
    dates = Dates(date(2023, 1, 1), date(2023, 2, 10), date(2023, 2, 20), date(2023, 2, 25))
    return make_guide_pdf(make_guide(museum(), 2022, dates))


def _slips() -> SlipSheet:
    slips = [
        Slip(f"示例市第{number}科学技术馆", role, f"{letter}1306{number:05}", f"Gx7-kiwi-{number:02}-Ro")
        for number in range(1, 8)
        for letter, role in (("B", "审核员"), ("C", "填报员"))
    ]
    notes = ("首次登录须修改密码。", "本单含初始密码，请妥善保管，用后销毁。")
    return SlipSheet(
        "科技馆账号通知单", "河北省科协", "保定市科协", "https://guanshu.example.cn", "2023 年 3 月 4 日",
        AT, notes, tuple(slips),
    )  # fmt: skip


def _card() -> bytes:
    values = ("河北省科协科普部", "王示例", "女", "二级调研员", "0311-86000001", "13800138000", "kepu@example.cn")
    return make_card_docx(CardContent("河北省科协", values, date(2023, 1, 20), "sjcj@example.cn", "010-68571234"))


def _cards() -> bytes:
    filled = ("王示例", "女", "二级调研员", "0311-86000001", "13800138000", "kepu@example.cn")
    moments = ("2023-01-12 09:30", "2023-01-13 10:00", "national")
    lines = [
        SummaryLine(("河北省科协", "A130000000", "已确认", "河北省科协科普部", *filled, *moments)),
        SummaryLine(("新疆生产建设兵团科协", "A660000000", "未填", *[""] * 10)),
    ]
    buffer = io.BytesIO()
    write_summary(SummaryContent(2022, AT, "national", lines), buffer)
    return buffer.getvalue()


def _merged() -> bytes:
    empty = Answers(none=frozenset({"free_list"}))
    units = [
        UnitLists("河北省", "已上报", submitted=True, submitted_at=AT, included=True, answers=lists()),
        UnitLists("山西省", "未上报", submitted=False, submitted_at=None, included=False, answers=empty),
    ]
    buffer = io.BytesIO()
    write_merged_lists(MergedContent(province(), 2022, AT, "national", units, unsubmitted=False), buffer)
    return buffer.getvalue()


def export_content() -> ExportContent:
    """Return two museums, one filled in with 不适用, 0 and blank among its figures, one with nothing."""
    draft = consistent()
    draft.cells |= {"daily_capacity": "不适用", "accidents": "0", "drills": ""}
    answers, evaluation = evaluated(draft)
    whole = ExportedReport(
        "省级审核通过", "已通过", "河北", NAME, "130600001", "2022-130600001",
        answers=answers, values=evaluation.values, findings=evaluation.findings,
    )  # fmt: skip
    nothing = ExportedReport("填报中", "未提交", "河北", "空白县科技馆", "130600002", "2022-130600002")
    return ExportContent(
        museum().questionnaire, 2022, free_only=False, at=AT, reports=[whole, nothing], filters=["省级单位：河北省"]
    )


def export() -> bytes:
    """Return the export workbook."""
    buffer = io.BytesIO()
    write_workbook(export_content(), buffer)
    return buffer.getvalue()


def _draft() -> bytes:
    _, evaluation = full()
    return annual_draft(museum().questionnaire, evaluation.values, NAME, 2022)


def _trail() -> bytes:
    heads = ("时间", "账号", "操作", "对象", "说明")
    about = "表2-2：改动 3 项 =1+1"
    rows = [
        ("2023-02-04 09:30:00", "C130600001", "保存", "2022-130600001", about * (number % 3 + 1))
        for number in range(20)
    ]
    return write_xlsx("操作记录", heads, rows, (20, 14, 14, 20, 60))


def _self_evaluation() -> bytes:
    # Enough museums that the tables run over a page.
    lines = [replace(line, name=f"{line.name}{place or ''}") for place in range(12) for line in CONTENT.lines]
    return make_self_evaluation(replace(CONTENT, lines=tuple(lines)))


def _list_pdf(name: str) -> bytes:
    return make_list_pdf(province(), name, lists(), unit="河北省")


def _list_docx(name: str) -> bytes:
    return make_list_docx(province(), name, lists(), unit="河北省")


SPECIMENS: dict[str, Callable[[], bytes]] = {
    "report.pdf": _report,
    "blank.pdf": lambda: make_blank_pdf(museum().questionnaire, 2022),
    "blank.docx": lambda: make_blank_docx(museum().questionnaire, 2022),
    "blank.xlsx": lambda: make_blank_xlsx(museum().questionnaire, 2022),
    "guide.pdf": _guide,
    **{f"{name}-list.pdf": partial(_list_pdf, name) for name in LISTS},
    **{f"{name}-list.docx": partial(_list_docx, name) for name in LISTS},
    "merged-lists.xlsx": _merged,
    "self-evaluation.docx": _self_evaluation,
    "annual-template.docx": lambda: annual_template(NAME, 2022),
    "free-template.docx": lambda: free_template(NAME, 2022),
    "annual-draft.docx": _draft,
    "administrator.docx": _card,
    "administrators.xlsx": _cards,
    "slips.pdf": lambda: make_slips_pdf(_slips()),
    "slips.xlsx": lambda: make_slips_xlsx(_slips()),
    "export.xlsx": export,
    "trail.xlsx": _trail,
}
