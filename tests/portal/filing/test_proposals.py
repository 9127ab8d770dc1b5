"""Proposals: what is offered for each list, what stays the province's, and that taking one is its own save."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.domain.filing.goals import Goal, add_up, propose_goals
from guanshu.portal.domain.filing.offering import propose
from guanshu.portal.domain.filing.proposing import (
    FreeMuseum,
    Proposal,
    changes_of,
    differences,
    propose_again,
    propose_free,
)
from guanshu.portal.models import FreeStatus, IndicatorFact, SaveRecord
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.listed import ListReader
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.loading import load, read_folder
from tests.cast import QUESTIONNAIRES, Cast
from tests.portal.filing.conftest import filing_of, save_in, typed, with_last_year

FORM: Questionnaire = load(read_folder(QUESTIONNAIRES / "tiny-lists")).questionnaire
ROOT = "/province/materials/tables/"


def reader(role: str, *rows: Row) -> ListReader:
    roles = FORM.lists[role]
    return ListReader(FORM.by_name[roles.table], roles, rows)


def museum(name: str, allocated: str | None = "100", received: str | None = "100", *, new: bool = False) -> FreeMuseum:
    return FreeMuseum(
        code="130600001",
        name=name,
        allocated=Decimal(allocated) if allocated else None,
        received=Decimal(received) if received else None,
        submitted=allocated is not None,
        is_new=new,
    )


def told(proposal: Proposal) -> list[tuple[str, bool, bool, dict[str, Any]]]:
    return [(offer.name, offer.adds, offer.chosen, dict(offer.values)) for offer in proposal.offers]


def test_free_museums_missing_from_the_list_are_proposed_with_what_they_reported() -> None:
    proposal = propose_free(reader("free"), [museum("甲馆", "120.50", "100", new=True), museum("乙馆", None, None)])
    assert told(proposal) == [
        ("甲馆", True, True, {"title": "甲馆", "money": Decimal("120.50"), "fresh": True}),
        ("乙馆", True, True, {"title": "乙馆", "fresh": False}),
    ]
    assert [offer.beside for offer in proposal.offers] == [("100", "+20.50"), ("尚未提交", "")]


def test_what_the_province_wrote_itself_is_offered_but_not_chosen() -> None:
    own = Row("r1", {"title": "甲馆", "money": Decimal(90), "fresh": False})
    blank = Row("r2", {"title": "乙 馆", "fresh": False})
    proposal = propose_free(reader("free", own, blank), [museum("甲馆"), museum("乙馆")])
    assert told(proposal) == [
        ("甲馆", False, False, {"money": Decimal(100)}),
        ("乙馆", False, True, {"money": Decimal(100)}),
    ]


def test_a_list_like_the_register_has_nothing_proposed() -> None:
    row = Row("r1", {"title": "甲馆", "money": Decimal(100), "fresh": False})
    assert not propose_free(reader("free", row), [museum("甲馆")]).offers


def test_differences_name_the_museum_and_both_amounts() -> None:
    rows = (Row("r1", {"title": "甲馆", "money": Decimal(90)}), Row("r2", {"title": "丙馆"}))
    found = differences(reader("free", *rows), [museum("甲馆"), museum("乙馆")])
    assert found == (
        "「丙馆」在名单中，但名册中不是本年度免费开放科技馆。",
        "「甲馆」名单中的额度为 90 万元，该馆填报的核定额度为 100 万元。",
        "「乙馆」是本年度免费开放科技馆，名单中没有。",
    )


def test_last_year_s_rows_come_back_but_for_those_opened_and_those_listed() -> None:
    last = reader("construction", *(Row(f"r{n}", {"title": f"{n}馆", "rank": "city"}) for n in range(1, 4)))
    this = reader("construction", Row("y", {"title": "2馆"}))
    proposal = propose_again(this, last, opened={"3馆"}, beside={"1馆": "预期建成开放时间已过"})
    assert told(proposal) == [("1馆", True, True, {"title": "1馆", "rank": "city"})]
    assert proposal.offers[0].beside == ("预期建成开放时间已过",)


def goal(museum_name: str, third: str, target: str, actual: str, **more: str) -> Goal:
    return Goal(museum_name, {"indicator3": third, "target": target, "actual": actual, **more})


def test_goals_of_the_same_indicator_are_added_up_or_counted() -> None:
    goals = [
        goal("甲馆", "全年开放天数", "≥300 天", "310 天", indicator1="产出指标", reason="延长开放"),
        goal("乙馆", "全年 开放天数", "≥250 天", "1,000 天", indicator1="产出指标"),
        goal("甲馆", "观众满意度", "≥90%", "95%"),
        goal("乙馆", "观众满意度", "≥90%", "96%"),
    ]
    days, content = propose_goals(reader("goals"), goals).offers
    assert days.values == {"first": "产出指标", "third": "全年开放天数", "target": "≥550 天", "actual": "1310 天"}
    assert days.beside == ("2 座馆", "1 座")
    assert (content.values["target"], content.values["actual"]) == ("2 座馆填报", "2 座馆填报")


def test_goals_there_already_keep_the_province_s_words() -> None:
    row = Row("r1", {"third": "全年开放天数", "first": "数量", "target": "600 天"})
    (offer,) = propose_goals(reader("goals", row), [goal("甲馆", "全年开放天数", "550 天", "540 天")]).offers
    assert (offer.row, offer.adds, offer.chosen) == ("r1", False, False)
    assert offer.values == {"target": "550 天", "actual": "540 天"}


@pytest.mark.parametrize(
    ("texts", "total"),
    [
        (["3", "4"], "7"),
        (["1.5 万人次", "2万人次"], "3.5 万人次"),
        (["≥3场", "3场"], ""),
        (["3场", "3次"], ""),
        (["完成", "完成"], ""),
        (["98%", "99%"], ""),
        ([], ""),
    ],
)
def test_figures_are_added_up_when_they_are_figures_of_one_unit(texts: list[str], total: str) -> None:
    assert add_up(texts) == total


def test_only_chosen_rows_are_taken_and_a_taken_id_is_not_used_again() -> None:
    renamed = Row("m130600001", {"title": "改名馆", "money": Decimal(1), "fresh": False})
    proposal = propose_free(reader("free", renamed), [museum("甲馆")])
    assert changes_of(proposal, ()) == {}
    changes = changes_of(proposal, [offer.row for offer in proposal.offers])
    assert changes["frees.rows"].new == ["m130600001", "m130600001-2"]
    assert changes["frees[m130600001-2].money"].new == "100.00"


# The same on a database.


@pytest.fixture
def asked_free(cast: Cast) -> Cast:
    """Let Baoding have been free before, and the list of free museums be asked."""
    FreeStatus.objects.create(museum=cast.baoding, year=2021)
    save_in(cast, {"any_free": ("", True)})
    return cast


def test_the_proposal_is_shown_and_taken_by_the_administrator(asked_free: Cast, province: Client) -> None:
    page = province.get(f"{ROOT}A/proposal/").content.decode()
    assert "保定市科技馆" in page
    assert "海淀区科技馆" not in page
    assert "尚未提交" in page
    row = f"m{asked_free.baoding.code}"
    answer = province.post(f"{ROOT}A/proposal/", {"take": [row]})
    assert answer["Location"] == f"{ROOT}A/"
    (found,) = open_filing(filing_of(asked_free)).answers.rows["frees"]
    assert (found.cells["title"], found.cells["fresh"]) == ("保定市科技馆", False)
    assert SaveRecord.objects.order_by("-seq").first().actor == "A130000001"  # type: ignore[union-attr]
    assert "名单与系统已有的数据一致" in province.get(f"{ROOT}A/proposal/").content.decode()


def test_a_proposal_unticks_none(asked_free: Cast, province: Client) -> None:
    save_in(asked_free, {"frees.none": ("", True)})
    province.post(f"{ROOT}A/proposal/", {"take": [f"m{asked_free.baoding.code}"]})
    opened = open_filing(filing_of(asked_free))
    assert len(opened.answers.rows["frees"]) == 1
    assert not opened.answers.none


def test_nothing_chosen_changes_nothing(asked_free: Cast, province: Client) -> None:
    before = filing_of(asked_free).saves
    assert "没有选中任何一行" in province.post(f"{ROOT}A/proposal/", {}, follow=True).content.decode()
    assert filing_of(asked_free).saves == before


def test_differences_stand_above_the_list_of_free_museums(asked_free: Cast, province: Client) -> None:
    save_in(asked_free, typed("frees", {"title": "某馆", "money": "5", "fresh": "否"}))
    page = province.get(f"{ROOT}A/").content.decode()
    assert "名单与系统数据不一致 2 处" in page
    assert "「保定市科技馆」是本年度免费开放科技馆，名单中没有。" in page


def test_last_year_s_sites_are_proposed(cast: Cast, province: Client) -> None:
    with_last_year(cast, sites=[{"title": "旧馆", "rank": "city", "due": "2024-12"}])
    proposal = propose(open_filing(filing_of(cast)), "construction")
    assert proposal is not None
    assert [offer.name for offer in proposal.offers] == ["旧馆"]
    province.post(f"{ROOT}C/proposal/", {"take": [offer.row for offer in proposal.offers]})
    (row,) = open_filing(filing_of(cast)).answers.rows["sites"]
    assert (row.cells["title"], row.cells["rank"]) == ("旧馆", "city")
    assert IndicatorFact.objects.count() == 0
