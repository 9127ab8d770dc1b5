"""「填报指导手册」: how a report is filled in, every indicator and check in words; paper and page."""

from guanshu.survey.documents.guide.content import Chapter, Dates, Guide, TableGuide, make_guide
from guanshu.survey.documents.guide.paper import make_guide_pdf

__all__ = ["Chapter", "Dates", "Guide", "TableGuide", "make_guide", "make_guide_pdf"]
