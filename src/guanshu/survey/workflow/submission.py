"""What keeps a report from 提交馆内审核: everything at once, each with a sentence and the cells it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK


class FindingLike(Protocol):
    """What is read of a finding; `checks` and this package are neighbours and do not import each other."""

    @property
    def cls(self) -> Enum:
        """Return the class; its value is 强制性, 准强制性, 核实性 or 提示性."""

    @property
    def check(self) -> str:
        """Return the id of the check."""

    @property
    def scope(self) -> str:
        """Return the row, column or cell the check was applied to."""

    @property
    def key(self) -> str:
        """Return the address of the explanation."""

    @property
    def table(self) -> str:
        """Return the number of the table it is shown with."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the addresses of the cells."""

    @property
    def message(self) -> str:
        """Return the sentence."""

    @property
    def explanation(self) -> str:
        """Return what the museum wrote."""

    @property
    def open(self) -> bool:
        """Return whether an explanation is still owed."""


class StateLike(Protocol):
    """What is read of a table's progress."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the addresses still blank."""

    @property
    def na(self) -> bool:
        """Return whether the table is 不适用 by an allowed tick."""


class EvaluationLike(Protocol):
    """What is read of an evaluation."""

    @property
    def values(self) -> Mapping[str, Value]:
        """Return every value by address."""

    @property
    def hidden(self) -> frozenset[str]:
        """Return cells and tables that do not apply."""

    @property
    def states(self) -> Mapping[str, StateLike]:
        """Return the progress of every table, in order."""

    @property
    def findings(self) -> Sequence[FindingLike]:
        """Return the findings in the order of the tables."""


class BlockerKind(Enum):
    """Why a report cannot be handed in, gravest first; the value is the heading above them."""

    BLANK = "必填内容未填写"
    FILE = "附件未上传或待确认"
    MANDATORY = "强制性审核未通过"
    QUASI = "准强制性审核未通过"
    VERIFY = "核实性审核未说明"
    COMMENT = "退回意见未答复"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing to mend. `table` is a table's number or "", `key` the address of the explanation or waiver or ""."""

    kind: BlockerKind
    sentence: str
    addresses: tuple[str, ...]
    table: str = ""
    key: str = ""


_CLASSES = {
    "强制性": (BlockerKind.MANDATORY, "请改正。"),
    "准强制性": (BlockerKind.QUASI, "请改正；情况属实的，请联系省级科协核准。"),
    "核实性": (BlockerKind.VERIFY, "请核实；数据无误的，请填写不少于 6 个字的说明。"),
}


def blockers(
    evaluation: EvaluationLike,
    waivers: Iterable[str],
    files_missing: Mapping[str, str],
    comments: Sequence[str] = (),
) -> tuple[Blocker, ...]:
    """Return everything that keeps the report from being handed in, gravest kind first; empty when nothing does.

    waivers: keys of 准强制性 findings the level above allowed for this museum; files_missing: address -> label of the
    files still to be uploaded; comments: addresses of the province's comments that were neither answered nor heeded.
    """
    found = [_blank(number, state.missing) for number, state in evaluation.states.items() if state.missing]
    found.extend(
        Blocker(BlockerKind.FILE, f"还没有上传「{label}」。请上传后再提交。", (address,))
        for address, label in files_missing.items()
    )
    allowed = frozenset(waivers)
    found.extend(_finding(finding) for finding in evaluation.findings if _blocks(finding, allowed))
    if comments:
        sentence = f"退回时提出的意见还有 {len(comments)} 条没有答复，有关数据也没有改动。请逐条答复或修改后再提交。"
        found.append(Blocker(BlockerKind.COMMENT, sentence, tuple(comments)))
    order = list(BlockerKind)
    return tuple(sorted(found, key=lambda blocker: order.index(blocker.kind)))


def _blank(number: str, missing: tuple[str, ...]) -> Blocker:
    sentence = f"表{number} 还有 {len(missing)} 项必填内容没有填写。没有发生的数字请填 0。"
    return Blocker(BlockerKind.BLANK, sentence, missing, number)


def _blocks(finding: FindingLike, allowed: frozenset[str]) -> bool:
    match finding.cls.value:
        case "强制性":
            return True
        case "准强制性":
            return finding.key not in allowed
        case _:
            return finding.open


def _finding(finding: FindingLike) -> Blocker:
    kind, advice = _CLASSES[finding.cls.value]
    message = finding.message.rstrip("。")
    return Blocker(kind, f"{message}。{advice}", finding.cells, finding.table, finding.key)


def missing_files(q: Questionnaire, evaluation: EvaluationLike) -> dict[str, str]:
    """Return address -> label of the file cells that must be given and are blank, in the order of the form.

    A file that is required on a condition is required wherever it is asked for.
    """
    return {
        cell.name: cell.label
        for cell in q.cells.values()
        if cell.type.kind is Kind.FILE
        and cell.required is not False
        and not {cell.name, cell.table} & evaluation.hidden
        and evaluation.values.get(cell.name, BLANK) is BLANK
    }
