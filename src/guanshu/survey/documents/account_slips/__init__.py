"""账号通知单: one slip an account, several a page, as PDF to be cut apart or as Excel. Plain data in, bytes out."""

from guanshu.survey.documents.account_slips.content import Slip, SlipSheet
from guanshu.survey.documents.account_slips.paper import make_slips_pdf
from guanshu.survey.documents.account_slips.workbook import make_slips_xlsx

__all__ = ["Slip", "SlipSheet", "make_slips_pdf", "make_slips_xlsx"]
