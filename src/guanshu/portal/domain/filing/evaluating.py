"""自评报告: a Word draft with the province's figures; which figures it used is kept with it."""

from datetime import datetime

from django.db import transaction

from guanshu.portal import audit, clock
from guanshu.portal.domain.filing.locking import check_administrator, check_editable, lock_filing, refusal
from guanshu.portal.domain.naming import safe_name
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.reporting.noting import business_moment
from guanshu.portal.domain.templates import WordFile
from guanshu.portal.models import Account, Filing, SelfEvaluation
from guanshu.portal.problems import WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.filingitems import unit_name
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.portal.queries.provinceevaluation import (
    document_number,
    evaluation_basis,
    is_free,
    kept_figures,
    key_figures,
    reported_problems,
    waiting,
)
from guanshu.portal.queries.provincefigures import (
    Compared,
    MuseumFigures,
    ProvinceFigures,
    by_city,
    by_level,
    province_figures,
)
from guanshu.survey.definition.model import Cell
from guanshu.survey.definition.rolenames import ROLE_NAMES
from guanshu.survey.documents.self_evaluation.content import Content, Figure, Line
from guanshu.survey.values.missing import BLANK

_NO_FREE = "本省已说明没有纳入本年度免费开放的科技馆，自评报告不适用。"
_INTERNAL = "internal"
_NAMED = 5


def draft_refusal(opened: OpenFiling) -> str:
    """Return why no draft can be made now, "" when one can."""
    has_free = opened.compiled.questionnaire.roles.get("has_free", "")
    return _NO_FREE if opened.answers.cells.get(has_free) is False else refusal(opened.filing)


def draft_evaluation(*, filing: Filing, actor: Account, now: datetime) -> WordFile:
    """Return a draft made from the submitted reports and the lists as they are, and keep which figures it used.

    Raises NotYours for anybody but the province's administrator, WrongState when the materials cannot be changed or
    the report is not applicable, OutsideFailed.
    """
    check_administrator(filing, actor)
    opened = open_filing(filing)
    refused = draft_refusal(opened)
    if refused:
        raise WrongState(refused)
    figures = province_figures(filing.province, filing.campaign)
    basis = evaluation_basis(opened, figures)
    content = evaluation_content(opened, figures)
    kept = kept_figures(figures, basis)
    give_back_connection()
    data = run_outside("self_evaluation", {"content": content.plain()})
    with transaction.atomic():
        locked = lock_filing(filing)
        check_editable(locked)
        number = SelfEvaluation.objects.filter(filing=locked).count() + 1
        SelfEvaluation.objects.create(
            filing=locked,
            number=number,
            basis=basis.digest,
            figures=kept,
            made_at=business_moment(now, clock.today(now)),
            made_by=actor.username,
        )
        audit.record(
            stream=f"filing:{locked.number}",
            actor=actor.username,
            action="draft_evaluation",
            object=locked.number,
            details={"number": number, "basis": basis.digest, "museums": len(basis.museums)},
            now=now,
        )
    title = f"{content.unit}{content.year}年度补助资金绩效自评报告（初稿{number}）"
    return WordFile(safe_name("", title, ".docx"), data)


def evaluation_content(opened: OpenFiling, figures: ProvinceFigures) -> Content:
    """Return everything a draft made now says."""
    filing = opened.filing
    sums = key_figures(figures)
    due, exempt, missing = waiting(filing.province, filing.campaign)
    area, dense = figures.dense()
    heads, goals = _goals(opened)
    return Content(
        unit=unit_name(filing),
        office=filing.province.name,
        year=filing.campaign.year,
        document_number=document_number(opened),
        due=due,
        exempt=exempt,
        museums=len(figures.this.museums),
        free_museums=sum(map(is_free, figures.this.museums)),
        rate=figures.this.execution(is_free).value,
        all={key[4:]: _figure(each) for key, each in sums.items() if key.startswith("all.")},
        free={key[5:]: _figure(each) for key, each in sums.items() if key.startswith("free.")},
        lines=[_line(figures, museum) for museum in figures.this.museums if museum.free],
        levels=by_level(figures.this),
        cities=by_city(figures.this),
        waiting=missing,
        grown=[
            (each.museum.name, each.before, each.now, each.percent)
            for each in figures.grown()[:_NAMED]
            if each.percent > 0
        ],
        dense=[(museum.name, value) for museum, value in dense[:_NAMED]],
        dense_by=ROLE_NAMES.get(area, ""),
        goal_heads=heads,
        goals=goals,
        problems=reported_problems(filing.province, filing.campaign),
    )


def _figure(found: Compared) -> Figure:
    return Figure(
        label=found.label,
        unit=found.unit,
        now=found.now.value,
        before=found.before.value,
        counted=found.now.counted,
        counted_before=found.before.counted,
        change=found.change,
        same=found.same,
    )


def _line(figures: ProvinceFigures, museum: MuseumFigures) -> Line:
    before = next((each for each in figures.last.museums if each.museum == museum.museum), None)
    return Line(
        name=museum.name,
        values={role: figures.this.value(museum, role) for role in figures.this.cells},
        visits_before=figures.last.value(before, "visits") if before else None,
    )


def _goals(opened: OpenFiling) -> tuple[list[str], list[list[str]]]:
    """Return the goals table as it is printed: labels and rows of texts."""
    questionnaire = opened.compiled.questionnaire
    known = questionnaire.lists.get("goals")
    if known is None:
        return [], []
    table = questionnaire.by_name[known.table]
    cells: list[Cell] = [cell for cell in table.cells if _INTERNAL not in cell.tags]
    rows = opened.answers.rows.get(table.name, ())
    texts = [[cell.type.to_display(row.cells.get(cell.name, BLANK)) for cell in cells] for row in rows]
    return [cell.label for cell in cells], texts
