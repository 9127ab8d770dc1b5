"""The blank form as PDF: the printed report's own layout, without codes."""

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.blank_form.content import BlankMaker, blank_cover, notes
from guanshu.survey.documents.report_pdf.fonts import printable
from guanshu.survey.documents.report_pdf.frontmatter import cover_data
from guanshu.survey.documents.report_pdf.grid import PORTRAIT
from guanshu.survey.documents.report_pdf.text import prepared
from guanshu.survey.documents.report_pdf.typesetting import typeset_blank


def make_blank_pdf(questionnaire: Questionnaire, year: int) -> bytes:
    """Return the form of a year as PDF/A-2u; the same arguments give the same bytes."""
    cover = blank_cover(year)
    said = cover_data(questionnaire, cover, "", ())
    said["notes"] = [prepared(note, PORTRAIT) for note in notes(year)]
    data = {
        "title": prepared(questionnaire.title, PORTRAIT),
        "name": "",
        "name-text": printable(questionnaire.organisation),
        "title-text": printable(questionnaire.title),
        "year": str(year),
        "code": "",
        "cover": said,
        "parts": BlankMaker(questionnaire, year).parts(),
        "closing": [],
    }
    return typeset_blank(data, cover.made_at)
