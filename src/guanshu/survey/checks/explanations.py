"""Which explanations of findings say too little: a reviewer reads those first."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from guanshu.survey.checks.findings import CheckClass, Finding

# An explanation that says something needs about a clause.
MIN_TELLING = 12


class Fault(Enum):
    """Why an explanation tells too little; the value is kept with the report, `label` is what screens say."""

    EMPTY = "empty"
    REPEATED = "repeated"
    SHORT = "short"

    @property
    def label(self) -> str:
        """Return the words on the screen."""
        return _LABELS[self]


_LABELS = {
    Fault.EMPTY: "只有「属实」一类的套话",
    Fault.REPEATED: "与其他说明完全相同",
    Fault.SHORT: f"不足 {MIN_TELLING} 字",
}
# What people write when they say nothing, and the words such sentences are glued together with.
_PHRASES = (
    "情况属实 数据属实 属实 准确无误 确认无误 核对无误 核实无误 无误 真实准确 真实有效 真实 "
    "准确 正确 没有问题 无问题 没问题 没有错误 没有错 无异常 正常 如实填报 如实填写 实际情况 "
    "实际数据 实际发生数 与实际一致 与实际相符 符合实际 同上 见上 无说明 无特殊情况 已核实 "
    "已核对 已确认 经核实 经核对 经确认 再次核实 核实 核对 确认 以上 上述"
)
_GLUE = (
    "本馆 我馆 该馆 科技馆 本年度 本年 今年 本单位 我单位 数据 数字 数值 情况 指标 填报 "
    "填写 内容 该项 此项 本项 确实 确为 均为 已经 按照 根据 为准 实际 反复 多次 认真 已 "
    "经 均 为 是 的 了 此 该 无 按 都 且 并 与 和 对 后 请 审核 通过"
)
_EMPTY = re.compile("|".join(sorted(f"{_PHRASES} {_GLUE}".split(), key=len, reverse=True)))
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Thin:
    """The explanation of one finding (its key) and what it lacks."""

    key: str
    fault: Fault


def thin_explanations(findings: Sequence[Finding]) -> tuple[Thin, ...]:
    """Return the 核实性 findings whose explanation tells too little, in their order; one fault each, gravest first."""
    asked = [finding for finding in findings if finding.cls is CheckClass.VERIFY]
    used = Counter(_bare(finding.explanation) for finding in asked)
    faults = ((finding.key, _fault(finding.explanation, used)) for finding in asked)
    return tuple(Thin(key, fault) for key, fault in faults if fault is not None)


def _fault(explanation: str, used: Counter[str]) -> Fault | None:
    bare = _bare(explanation)
    if not _EMPTY.sub("", bare):
        return Fault.EMPTY
    if used[bare] > 1:
        return Fault.REPEATED
    return Fault.SHORT if len(explanation.strip()) < MIN_TELLING else None


def _bare(text: str) -> str:
    """Return the text without spaces and punctuation."""
    return _MARKS.sub("", text)
