"""The two templates: the notice's headings, each with a grey hint of what belongs there."""

from collections.abc import Sequence

from guanshu.survey.documents.summaries.paper import Paper

# Heading, the role whose text stands under it in the draft, and the hint.
ANNUAL: Sequence[tuple[str, str, str]] = (
    ("一、工作亮点与成效", "highlights", "（本年度的重点工作、主要做法和取得的成效，尽量用数据说明。）"),
    ("二、创新特色案例", "cases", "（有推广价值的创新做法或特色案例：背景、做法、效果。）"),
    ("三、存在的问题", "problems", "（运行中存在的主要困难、问题及意见建议。）"),
    ("四、明年工作计划", "next_plan", "（下一年度的主要工作安排和目标。）"),
)
_FREE: Sequence[tuple[str, str]] = (
    ("一、本馆中央补助资金使用情况", "（下达、到位和支出情况，主要用途，执行率；未执行完的说明原因。）"),
    ("二、本馆免费开放运行情况", "（开放天数、服务观众人次，展览教育活动，服务和安全保障等。）"),
    ("三、绩效目标完成情况", "（对照年度绩效目标逐项说明完成情况；有偏差的说明原因。）"),
    ("四、对免费开放工作的意见和建议", "（政策、经费、运行等方面的意见和建议。）"),
)


def annual_template(name: str, year: int) -> bytes:
    """Return the .docx in which the annual summary is written."""
    paper = Paper(f"{name}{year}年度工作总结", name)
    for heading, _, hint in ANNUAL:
        paper.heading(heading)
        paper.text(hint, hint=True)
    return paper.bytes()


def free_template(name: str, year: int) -> bytes:
    """Return the .docx in which the summary of free opening is written."""
    paper = Paper(f"{name}{year}年度免费开放工作总结", name)
    for heading, hint in _FREE:
        paper.heading(heading)
        paper.text(hint, hint=True)
    return paper.bytes()
