"""Puts the report together."""

from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.report_pdf.codes import PageCodes
from guanshu.survey.documents.report_pdf.content import Cover
from guanshu.survey.documents.report_pdf.document import report_data
from guanshu.survey.documents.report_pdf.typesetting import PrintedCode, typeset
from guanshu.survey.workflow.submission import EvaluationLike


def make_report_pdf(
    questionnaire: Questionnaire, answers: Answers, evaluation: EvaluationLike, cover: Cover, codes: PageCodes
) -> bytes:
    """Return the report as PDF/A-2u; the same arguments give the same bytes.

    `evaluation` holds what is printed (values, findings with their explanations), `answers` the rows and ticks.
    Raises ValueError when cover and codes name different reports.
    """
    if cover.report_code != codes.report:
        message = f"cover and page codes name different reports: {cover.report_code}, {codes.report}"
        raise ValueError(message)
    data = report_data(questionnaire, answers, evaluation, cover, codes.content_hash)

    def code(page: int, pages: int) -> PrintedCode:
        return PrintedCode(codes.address(page, pages), codes.text(page, pages))

    return typeset(data, code, cover.made_at)
