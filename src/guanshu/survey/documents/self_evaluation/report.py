"""Puts the draft together, heading by heading."""

from guanshu.survey.documents.self_evaluation import funds, goals, opening
from guanshu.survey.documents.self_evaluation.content import Content
from guanshu.survey.documents.self_evaluation.words import ask
from guanshu.survey.documents.self_evaluation.writing import Draft

_BASIS = "根据《中国科协 中宣部 财政部关于全国科技馆免费开放的通知》（科协发普字〔2015〕20号）等文件要求"


def make_self_evaluation(content: Content) -> bytes:
    """Return the draft as .docx; the same content gives the same bytes."""
    draft = Draft((f"{content.unit}{content.year}年度科技馆免费开放", "中央补助资金绩效自评报告"), content.office)
    if content.document_number:
        draft.number(content.document_number)
    draft.gap()
    draft.text(
        f"{_BASIS}，{content.office}对{content.year}年度科技馆免费开放中央补助资金使用情况和免费开放工作开展了绩效自评，"
        "现将有关情况报告如下。"
    )
    draft.heading("一、全省中央补助资金使用情况")
    funds.write(draft, content)
    draft.heading("二、全省科技馆免费开放组织实施情况")
    opening.write(draft, content)
    draft.heading("三、省级绩效目标完成情况")
    goals.write_goals(draft, content)
    draft.heading("四、发现的主要问题和改进措施")
    goals.write_problems(draft, content)
    draft.gap()
    draft.right(content.office)
    draft.right(ask("成文日期"))
    return draft.bytes()
