"""自评报告: who may draft, what is kept, and that a changed museum makes the draft out of date."""

import io
from typing import Any

import docx
import pytest

from guanshu.portal.domain.filing.evaluating import draft_evaluation, evaluation_content
from guanshu.portal.models import AuditRecord, SelfEvaluation
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.provinceevaluation import (
    Changed,
    changed_since,
    evaluation_basis,
    reported_problems,
)
from guanshu.portal.queries.provincefigures import province_figures
from guanshu.survey.workflow.filingstates import FilingState
from tests.cast import NOW, Cast
from tests.portal.papers.conftest import filing_of, hand_in, type_lists


def changed(cast: Cast) -> list[Changed]:
    opened = open_filing(filing_of(cast))
    figures = province_figures(cast.hebei, cast.campaign)
    kept = SelfEvaluation.objects.latest("pk")
    basis = evaluation_basis(opened, figures)
    found = changed_since(kept.figures, figures, basis)
    assert bool(found) is (basis.digest != kept.basis)
    return found


def draft(cast: Cast, **given: Any) -> Any:
    return draft_evaluation(filing=filing_of(cast), **{"actor": cast.province, "now": NOW} | given)


def test_the_draft_is_word_with_the_figures_and_is_kept(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "12000", "granted": "286.50", "troubles": "展品老化。"})
    type_lists(cast, {"any_free": True, "aims.rows": ["g1"]})
    type_lists(cast, {"aims[g1].third": "全年免费开放天数", "aims[g1].target": "≥300 天"}, "second")
    file = draft(cast)
    assert file.name == "河北省2022年度补助资金绩效自评报告（初稿1）.docx"
    document = docx.Document(io.BytesIO(file.data))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "核定中央补助资金286.50万元" in said
    assert "保定市科技馆：“展品老化”" in said
    assert "全年免费开放天数" in [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    kept = SelfEvaluation.objects.get()
    assert (kept.number, kept.figures["figures"]["free.subsidy_allocated"]["now"]) == (1, "286.50")
    record = AuditRecord.objects.get(stream="filing:2022-130000", action="draft_evaluation")
    assert (record.actor, record.details["basis"]) == ("A130000001", kept.basis)
    assert changed(cast) == []


def test_a_changed_museum_makes_it_out_of_date_and_says_what(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "12000"})
    draft(cast)
    hand_in(cast, cast.baoding, {"guests": "12500"})
    found = changed(cast)
    assert Changed("到馆观众（全部科技馆）", "12,000人次（1 座）", "12,500人次（1 座）") in found
    assert found[-1] == Changed("保定市科技馆", "初稿所用版本", "数据或免费开放范围已变动")


def test_another_museum_the_lists_and_last_year_do_too(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "12000"})
    draft(cast)
    hand_in(cast, cast.shijiazhuang, {"guests": "1"})
    assert Changed("石家庄市科技馆", "未计入", "已计入") in changed(cast)
    draft(cast)
    assert changed(cast) == []
    type_lists(cast, {"any_free": True, "frees.rows": ["r1"]})
    type_lists(cast, {"frees[r1].title": "保定市科技馆"}, "second")
    assert [each.label for each in changed(cast)] == ["报送材料（免费开放名单、绩效目标、文号）"]
    draft(cast)
    hand_in(cast, cast.baoding, {"guests": "11000"}, year=2021)
    assert [each.label for each in changed(cast)] == ["上年数据"]
    assert [kept.number for kept in SelfEvaluation.objects.order_by("pk")] == [1, 2, 3]


def test_only_the_provinces_administrator_drafts(cast: Cast) -> None:
    for actor in (cast.other_province, cast.system, cast.filler, cast.city):
        with pytest.raises(NotYours):
            draft(cast, actor=actor)
    assert not SelfEvaluation.objects.exists()


def test_not_while_it_is_handed_in_nor_without_free_museums(cast: Cast) -> None:
    filing = filing_of(cast)
    type_lists(cast, {"any_free": False})
    with pytest.raises(WrongState, match="不适用"):
        draft(cast)
    filing.state = FilingState.SUBMITTED.value
    filing.save(update_fields=["state"])
    with pytest.raises(WrongState):
        draft(cast)
    assert not SelfEvaluation.objects.exists()


def test_problems_are_those_of_the_submitted_version(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"troubles": "旧的。"})
    hand_in(cast, cast.baoding, {"troubles": "新的"})
    hand_in(cast, cast.haidian, {"troubles": "别处"})
    hand_in(cast, cast.shijiazhuang, {"guests": "1"})
    assert reported_problems(cast.hebei, cast.campaign) == [("保定市科技馆", "新的")]


def test_who_has_not_submitted_is_named(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "1"})
    content = evaluation_content(open_filing(filing_of(cast)), province_figures(cast.hebei, cast.campaign))
    assert (content.due, content.museums, list(content.waiting)) == (2, 1, [("石家庄市科技馆", "未填报")])
