"""The cover, and the lines above each table."""

from collections.abc import Sequence
from datetime import date

from guanshu.survey.definition.model import Questionnaire, Table
from guanshu.survey.documents.report_pdf.content import Cover
from guanshu.survey.documents.report_pdf.grid import PORTRAIT
from guanshu.survey.documents.report_pdf.text import Text, prepared

_HEADING = (("issuer", "制定机关"), ("approval", "批准或备案文号"), ("valid_until", "有效期至"))
_SCOPE = (("scope", "填报范围"), ("method", "报送方式"))
_FACT_MM, _SIGN_MM = 120.0, 40.0
Lines = list[tuple[str, Text]]


def cover_data(
    questionnaire: Questionnaire, cover: Cover, content_hash: str, left_out: Sequence[Table]
) -> dict[str, object]:
    """Return what the cover says."""
    heading = questionnaire.heading
    facts = [
        ("馆　　名", cover.name),
        ("年　　度", f"{cover.year} 年（{cover.year} 年 1 月 1 日至 12 月 31 日）"),
        ("报表编号", cover.report_code),
        *((label, heading.get(key, "")) for key, label in _SCOPE),
    ]
    signed = [("单位负责人", cover.leader), ("审核人", cover.reviewer), ("填报人", cover.filler)]
    return {
        "heading": [(label, prepared(heading.get(key, ""), 60)) for key, label in _HEADING],
        "facts": [(label, prepared(text, _FACT_MM)) for label, text in facts],
        "signed": [(label, prepared(text, _SIGN_MM)) for label, text in signed],
        "phone": prepared(cover.phone, _SIGN_MM),
        "date": _day(cover.reported_on),
        "notes": [prepared(note, PORTRAIT) for note in _notes(cover, left_out)],
        "hash": content_hash.upper(),
    }


def _day(day: date | None) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else "　　　　年　　月　　日"


def _notes(cover: Cover, left_out: Sequence[Table]) -> list[str]:
    notes = [
        f"按注明的计量单位填报。时期为「年度」的填 {cover.year} 年全年发生数，为「年末」的填 12 月 31 日数。",
        "空格为未填报，「0」为本年度没有发生，「—」为不适用，深灰色格不填；标「△」和浅灰色底的由系统计算。",
        "请加盖公章并由单位负责人、审核人、填报人签字后扫描上传；公章和签字不要遮盖各页二维码。",
        "本表由系统打印，请勿涂改。数据如有修改，须重新打印、重新盖章；报表编号不同的页不能合订。",
    ]
    if left_out:
        names = "、".join(f"表{table.number}《{table.title}》" for table in left_out)
        notes.append(f"下列表不需本单位填报，未列入：{names}。")
    return notes


def table_lines(questionnaire: Questionnaire, table: Table) -> Lines:
    """Return the lines at the right above a table: 表号, and what of the heading is given."""
    heading = {**questionnaire.heading, **table.heading}
    lines = [("表　　号", heading.get("number_label") or f"表{table.number}")]
    lines += [(label, heading[key]) for key, label in _HEADING if heading.get(key)]
    return [(label, prepared(text, 36)) for label, text in lines]
