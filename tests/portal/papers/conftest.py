"""Hebei with figures: reports handed in with given values, and a filing with the lists of tiny-lists."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guanshu.portal.access import filings, reports
from guanshu.portal.domain.filing.saving import Change, save_filing
from guanshu.portal.domain.reporting.facts import remove_facts, write_facts
from guanshu.portal.domain.reporting.freezing import sealed
from guanshu.portal.models import Campaign, Filing, Museum, QuestionnaireVersion, Report, ReportVersion
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.reports import open_report
from guanshu.survey.definition.answers import Answers
from guanshu.survey.workflow.snapshot import make_snapshot
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast, calendar, make_cast, publish
from tests.portal.filing.conftest import with_filings


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }


@pytest.fixture
def cast(db: None) -> Cast:
    """Make the cast with figures to report, last year's campaign, and filings."""
    cast = with_filings(make_cast("tiny-figures"))
    days = {name: getattr(calendar(2021), name) for name in calendar(2021).__dataclass_fields__}
    Campaign.objects.create(year=2021, questionnaire=cast.form, closed=True, **days)
    return cast


def hand_in(cast: Cast, museum: Museum, values: Mapping[str, str], year: int = 2022) -> Report:
    """Let a museum's report be submitted with these values (texts as typed), as a new version."""
    campaign = Campaign.objects.get(year=year)
    Report.objects.get_or_create(
        museum=museum,
        campaign=campaign,
        defaults={"number": f"{year}-{museum.code}", "questionnaire": campaign.questionnaire},
    )
    report = reports().get(museum=museum, campaign=campaign)
    opened = open_report(report)
    q = opened.compiled.questionnaire
    typed = {name: q.cells[name].type.parse(text) for name, text in values.items()}
    answers = Answers(cells={**opened.answers.cells, **typed})
    evaluation = replace(opened.compiled.evaluate(answers, opened.context), findings=())
    sha = QuestionnaireVersion.objects.values_list("sha256", flat=True).get(pk=report.questionnaire_id)
    snapshot = make_snapshot(q, answers, evaluation, report=report.number, questionnaire_hash=sha)
    report.version += 1
    report.state = State.SUBMITTED.value
    report.save(update_fields=["version", "state"])
    ReportVersion.objects.create(
        report=report,
        number=report.version,
        content_hash=snapshot.content_hash,
        snapshot=sealed(snapshot.document, form(report.questionnaire_id), report.number),
        made_at=NOW,
        made_by="x",
    )
    remove_facts(report)
    write_facts(report, State.SUBMITTED)
    return report


def filing_of(cast: Cast) -> Filing:
    """Return Hebei's filing as it is now."""
    return filings().get(province=cast.hebei, campaign__year=2022)


def type_lists(cast: Cast, changes: Mapping[str, object], request: str = "first") -> None:
    """Type into Hebei's lists, which were blank there."""
    result = save_filing(
        filing=filing_of(cast),
        actor=cast.province,
        request_id=f"request-{request}",
        body=request.encode(),
        changes={address: Change(None, new) for address, new in changes.items()},
        now=NOW,
    )
    assert not result.problems
    assert not result.conflicts


__all__ = ["cast", "filing_of", "hand_in", "publish", "type_lists"]
