"""三、省级绩效目标完成情况, 四、发现的主要问题和改进措施."""

from guanshu.survey.documents.self_evaluation.content import Content
from guanshu.survey.documents.self_evaluation.words import ask
from guanshu.survey.documents.self_evaluation.writing import Draft

_WIDTHS = {6: (1.8, 2, 2.6, 2.6, 2.6, 4), 7: (1.6, 1.8, 2.6, 2.2, 2.2, 2, 3.2)}


def write_goals(draft: Draft, content: Content) -> None:
    """Write the province's goals as its table has them."""
    if not content.goals:
        draft.text(ask("省级绩效目标的设定和完成情况；在“报送材料”的绩效目标表中填写后重新生成，可自动列出"))
        return
    draft.text(f"省级绩效目标共{len(content.goals)}项，完成情况如下表。" + ask("总体完成情况的评价"))
    many = len(content.goal_heads)
    draft.table(
        "省级绩效目标完成情况",
        content.goal_heads,
        content.goals,
        widths=_WIDTHS.get(many, (1.0,) * many),
        aligns="l" * many,
    )


def write_problems(draft: Draft, content: Content) -> None:
    """Write what museums reported, to be summed up, and where measures go."""
    draft.heading("（一）主要问题", 2)
    draft.text(ask("全省免费开放和资金使用中的主要问题"))
    if content.problems:
        draft.text("各馆填报的问题摘录如下，供归纳时参考，定稿时请删改：")
        for name, text in content.problems:
            draft.text(f"{name}：“{text}”")
    draft.heading("（二）改进措施", 2)
    draft.text(ask("针对上述问题的改进措施和下一步工作安排"))
