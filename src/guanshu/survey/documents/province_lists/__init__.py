"""The province's lists (附件4–7) on paper, in the notice's layout: Word to be edited and sealed, PDF to be stamped.

Everything on them is read from the questionnaire: a list is named by its role (`free`) or its table's name.
"""

from guanshu.survey.documents.province_lists.paper import make_list_pdf
from guanshu.survey.documents.province_lists.sheet import Sheet, list_sheet
from guanshu.survey.documents.province_lists.wordfile import make_list_docx

__all__ = ["Sheet", "list_sheet", "make_list_docx", "make_list_pdf"]
