"""Our approved texts (sms/templates.csv), and the file that says where a vendor has them."""

import csv
import re
import string
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from guanshu.portal.channels.kinds import VendorTemplate

APPROVED = Path(__file__).parents[1] / "sms" / "templates.csv"
_NAME = "GUANSHU_SMS_TEMPLATES"


def approved_texts() -> dict[str, str]:
    """Return our texts by their code."""
    with APPROVED.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["text"] for row in csv.DictReader(file)}


def variables_of(text: str) -> frozenset[str]:
    """Return the names of a text's variables."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def read_templates(environ: Mapping[str, str], *, needed: bool) -> Mapping[str, VendorTemplate]:
    """Return the vendor's templates by our codes, every one of ours, or nothing where none are needed."""
    path = environ.get(_NAME, "").strip()
    if not path:
        if needed:
            raise ImproperlyConfigured(f"{_NAME}：所选短信通道需要模板对照表（CSV 文件：code,id,variables）")
        return {}
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImproperlyConfigured(f"{_NAME}：不能读取 {path}（{type(error).__name__}）") from None
    return _mapped(rows)


def _mapped(rows: Sequence[Mapping[str, str | None]]) -> Mapping[str, VendorTemplate]:
    texts, found = approved_texts(), dict[str, VendorTemplate]()
    for line, row in enumerate(rows, start=2):
        code, number = ((row.get(key) or "").strip() for key in ("code", "id"))
        variables = tuple(filter(None, re.split(r"[|\s]+", row.get("variables") or "")))
        if code not in texts or code in found:
            raise ImproperlyConfigured(f"{_NAME}：第 {line} 行的 code「{code}」不是本系统的模板，或重复")
        if not number:
            raise ImproperlyConfigured(f"{_NAME}：第 {line} 行（{code}）缺少短信平台的模板编号 id")
        if sorted(variables) != sorted(variables_of(texts[code])):
            wanted = "|".join(sorted(variables_of(texts[code]))) or "空"
            raise ImproperlyConfigured(
                f"{_NAME}：第 {line} 行（{code}）的 variables 应恰好是 {wanted}，按平台模板中的次序"
            )
        found[code] = VendorTemplate(number, variables)
    missing = sorted(set(texts) - set(found))
    if missing:
        raise ImproperlyConfigured(f"{_NAME}：缺少模板 {'、'.join(missing)}")
    return found
