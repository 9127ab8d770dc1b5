"""附件1 《省级科协管理员信息采集表》 as the notice lays it out, and all units' in one workbook."""

from guanshu.survey.documents.administrators.card import LABELS, TITLE, CardContent, make_card_docx
from guanshu.survey.documents.administrators.summary import SummaryContent, SummaryLine, write_summary

__all__ = [
    "LABELS",
    "TITLE",
    "CardContent",
    "SummaryContent",
    "SummaryLine",
    "make_card_docx",
    "write_summary",
]
