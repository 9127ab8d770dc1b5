"""A Word draft of the province's 自评报告 under the notice's headings: `content` is what it is made from (plain data,
nothing heavy is imported), `report.make_self_evaluation` makes the .docx.
"""
