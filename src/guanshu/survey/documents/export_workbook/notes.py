"""The sheets for people: what respondents explained, and how to read the workbook."""

from collections.abc import Iterator, Mapping
from typing import Any

from guanshu.survey.checks.findings import CheckClass, Finding
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.export_workbook.content import ExportContent, ExportedReport
from guanshu.survey.documents.export_workbook.formats import Formats, row_height

_OPINIONS = (("馆名", 26), ("报表编号", 17), ("检查", 30), ("类别", 10), ("意见", 80), ("说明", 50))


class OpinionSheet:
    """Every finding that blocks or asks for an explanation, with the explanation given."""

    def __init__(self, sheet: Any, formats: Formats) -> None:
        self.sheet, self.line = sheet, 0
        self.text = formats.get(border=1, border_color="#C5CEDB", valign="top", text_wrap=True)
        for place, (heading, width) in enumerate(_OPINIONS):
            sheet.write_string(0, place, heading, formats.head())
            sheet.set_column(place, place, width)

    def add(self, report: ExportedReport) -> None:
        """Write the findings of one organisation."""
        for finding in _shown(report.findings):
            self.line += 1
            texts = (report.name, report.number, finding.key, finding.cls.value, finding.message, finding.explanation)
            # Before the cells: a sheet that keeps no lines has passed them on when the next begins.
            self.sheet.set_row(self.line, row_height(texts, [width for _, width in _OPINIONS]))
            for place, entry in enumerate(texts):
                self.sheet.write_string(self.line, place, entry, self.text)

    def finish(self) -> None:
        """Keep the heading in sight and add filters."""
        self.sheet.freeze_panes(1, 2)
        self.sheet.repeat_rows(0)
        _print_on_one_page_width(self.sheet)
        self.sheet.autofilter(0, 0, self.line, len(_OPINIONS) - 1)


def _print_on_one_page_width(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _shown(findings: Any) -> Iterator[Finding]:
    return (finding for finding in findings if finding.cls is not CheckClass.HINT or finding.explanation)


def write_notes(sheet: Any, formats: Formats, content: ExportContent, states: Mapping[str, int]) -> None:
    """Write title, year, filters, how many are in which state, when, what blank, 0, 不适用 mean, all codes."""
    _print_on_one_page_width(sheet)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    label = formats.get(bold=True, valign="top")
    text = formats.get(text_wrap=True, valign="top")
    sheet.write_string(0, 0, content.title, formats.get(bold=True, font_size=14, font_color="#1F3F77"))
    for line, (heading, sentence) in enumerate(_notes(content, states), 2):
        sheet.write_string(line, 0, heading, label)
        sheet.write_string(line, 1, sentence, text)


def _notes(content: ExportContent, states: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    form = content.questionnaire
    yield "统计年度", f"{content.year} 年 1 月 1 日至 12 月 31 日"
    yield "调查表", f"{form.title}（{form.id}）"
    yield "范围", "；".join(content.filters) or "全部"
    yield "单位数", str(sum(states.values()))
    for state, count in states.items():
        yield f"　{state}", str(count)
    if content.by:
        yield "导出账号", content.by
    yield "导出时间", f"{content.at:%Y-%m-%d %H:%M:%S}"
    if not content.final:
        yield "未定稿", "尚有报表未通过省级审核，数据可能变动。"
    yield "空白", "未填报（尚未回答，不等于 0）。合计的组成部分未填全时，合计也为空白。"
    yield "0", "本年度没有发生。"
    yield "不适用", "本单位没有此项业务，或按条件不需填报。"
    yield "表头", "第 1 行为表号与表名，第 2 行为指标，第 3 行为计量单位，第 4 行为指标名，供程序读取。"
    yield "时期", "年度：1 月 1 日至 12 月 31 日发生数；年末：12 月 31 日数。"
    yield "未列入", "附件（文件）不在本表中。"
    yield "", ""
    yield "选项代码", "代码＝含义"
    yield from _codes(form)


def _codes(form: Questionnaire) -> Iterator[tuple[str, str]]:
    """Yield each choice list that a cell uses, named by the first indicator that does."""
    for name, options in form.choices.items():
        label = next(
            (
                cell.label
                for table in form.tables
                for cell in (*table.cells, *table.totals)
                if f"({name})" in cell.type.name
            ),
            "",
        )
        if label:
            yield f"{label}（{name}）", "；".join(f"{option.code}＝{option.label}" for option in options)
