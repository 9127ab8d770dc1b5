"""The report on paper: cover, every table, findings and explanations, attachments; a signed code on each page.

pdf = make_report_pdf(questionnaire, answers, evaluation, Cover(…), PageCodes(…))
"""

from guanshu.survey.documents.report_pdf.codes import PageCode, PageCodes, read_page_code
from guanshu.survey.documents.report_pdf.content import SIGNED_PAGES, Attachment, Cover, people
from guanshu.survey.documents.report_pdf.report import make_report_pdf

__all__ = [
    "SIGNED_PAGES",
    "Attachment",
    "Cover",
    "PageCode",
    "PageCodes",
    "make_report_pdf",
    "people",
    "read_page_code",
]
