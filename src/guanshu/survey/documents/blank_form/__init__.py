"""The form to be filled in by hand, in three formats from one layout; nothing of it is anybody's data."""

from guanshu.survey.documents.blank_form.paper import make_blank_pdf
from guanshu.survey.documents.blank_form.wordfile import make_blank_docx
from guanshu.survey.documents.blank_form.workbook import make_blank_xlsx

__all__ = ["make_blank_docx", "make_blank_pdf", "make_blank_xlsx"]
