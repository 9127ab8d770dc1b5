"""The lists of all provinces (附件4–7) in one workbook: a sheet a list, the unit first, values typed."""

from guanshu.survey.documents.merged_lists.content import MergedContent, UnitLists, file_name
from guanshu.survey.documents.merged_lists.workbook import write_merged_lists

__all__ = ["MergedContent", "UnitLists", "file_name", "write_merged_lists"]
