"""Word files for the museum's two summaries: templates with the notice's headings, and a draft of the annual one."""

from guanshu.survey.documents.summaries.draft import annual_draft
from guanshu.survey.documents.summaries.templates import annual_template, free_template

__all__ = ["annual_draft", "annual_template", "free_template"]
