"""The province's lists as files, made from its live answers in a process of their own."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guanshu.portal.domain.naming import safe_name
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.templates import WordFile
from guanshu.portal.models import QuestionnaireVersion
from guanshu.portal.problems import Unusable
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.filingitems import unit_name
from guanshu.portal.queries.filings import OpenFiling

DOCX, PDF = "docx", "pdf"


@dataclass(frozen=True, slots=True)
class ListPaper:
    """What a list's paper is made from; nothing of it needs the database any more."""

    list: str
    title: str
    given: Mapping[str, Any]

    def make(self, kind: str) -> WordFile:
        """Return the list as docx or pdf; the same content gives the same bytes. Raises OutsideFailed."""
        data = run_outside("province_list", {**self.given, "kind": kind})
        return WordFile(safe_name("", self.title, f".{kind}"), data)


def list_paper(opened: OpenFiling, name: str, *, filled_on: date | None = None) -> ListPaper:
    """Return what the paper of a list (by its role) is made from. Raises Unusable for what is printed nowhere."""
    questionnaire = opened.compiled.questionnaire
    known = questionnaire.lists.get(name)
    table = questionnaire.by_name[known.table] if known else None
    if table is None or not table.heading.get("paper_title"):
        raise Unusable("没有这张名单。")
    archive = QuestionnaireVersion.objects.values_list("archive", flat=True).get(pk=opened.form.version_id)
    unit = unit_name(opened.filing)
    title = table.heading["paper_title"].replace("{unit}", unit).replace("|", "")
    given = {
        "list": name,
        "unit": unit,
        "filled_on": filled_on.isoformat() if filled_on else None,
        "questionnaire": base64.b64encode(bytes(archive)).decode(),
        "tables": {table.number: opened.stored.plain.get(table.number, {})},
    }
    return ListPaper(name, f"{table.heading.get('number_label', '')}{title}", given)


def make_list_paper(*, opened: OpenFiling, name: str, kind: str) -> WordFile:
    """Return a list as it stands now. Raises Unusable, OutsideFailed."""
    paper = list_paper(opened, name)
    give_back_connection()
    return paper.make(kind)
