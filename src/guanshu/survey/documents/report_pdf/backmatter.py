"""What follows the tables: findings with their explanations, and the attachments at the moment of printing."""

from collections.abc import Iterable, Sequence

from guanshu.survey.documents.report_pdf.content import Attachment
from guanshu.survey.documents.report_pdf.grid import PORTRAIT, Box, Grid, head_box
from guanshu.survey.workflow.submission import FindingLike

_HINT = "提示性"
_DIGITS = 16


def closing_sections(findings: Iterable[FindingLike], files: Sequence[Attachment]) -> list[dict[str, object]]:
    """Return the closing sections: title, grid or the word 无."""
    told = [finding for finding in findings if finding.cls.value != _HINT or finding.explanation.strip()]
    return [
        _section("审核意见及说明", _findings(told) if told else None),
        _section("打印时的附件", _files(files) if files else None),
    ]


def _section(title: str, grid: Grid | None) -> dict[str, object]:
    return {"title": title, "grid": grid.data() if grid else None}


def _findings(findings: Sequence[FindingLike]) -> Grid:
    body = tuple(
        (
            Box(str(place), "center"),
            Box(f"表{finding.table}", "center"),
            Box(str(finding.cls.value), "center"),
            Box(finding.message),
            Box(finding.explanation),
        )
        for place, finding in enumerate(findings, 1)
    )
    columns = (9.0, 15.0, 17.0, 74.0, PORTRAIT - 115.0)
    return Grid(columns, (tuple(map(head_box, ("序号", "表号", "类别", "审核意见", "单位说明"))),), body)


def _files(files: Sequence[Attachment]) -> Grid:
    body = tuple(
        (
            Box(str(place), "center"),
            Box(file.name),
            Box(_size(file.size), "right"),
            Box(file.sha256[:_DIGITS].upper(), "center"),
        )
        for place, file in enumerate(files, 1)
    )
    heads = ("序号", "文件名", "大小", f"SHA-256（前 {_DIGITS} 位）")
    return Grid((9.0, PORTRAIT - 81.0, 24.0, 48.0), (tuple(map(head_box, heads)),), body)


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} 字节"
    return f"{size / 1024:,.1f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"
