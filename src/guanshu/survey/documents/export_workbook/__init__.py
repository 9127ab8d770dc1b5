"""The annual workbook: every field of every organisation, one line each, for people and for machines.

content = ExportContent(questionnaire=…, year=2022, …, reports=[ExportedReport(…), …])
write_workbook(content, path_or_stream)
"""

from guanshu.survey.documents.export_workbook.content import ExportContent, ExportedReport, file_name
from guanshu.survey.documents.export_workbook.workbook import write_workbook

__all__ = ["ExportContent", "ExportedReport", "file_name", "write_workbook"]
