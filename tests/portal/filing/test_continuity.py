"""延续情况: which museums of last year's lists are asked about, and what the province may say of them."""

from typing import Any

import pytest
from django.test import Client

from guanshu.portal.domain.filing.continuing import answer_continuity
from guanshu.portal.models import AuditRecord, Continuity
from guanshu.portal.problems import Incomplete, NotYours, Unusable, WrongState
from guanshu.portal.queries.continuity import asked
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.verification import verify_audit
from tests.cast import NOW, Cast
from tests.portal.filing.conftest import filing_of, save_in, typed, with_last_year

URL = "/province/materials/continuity/"
PLANS = [{"title": name, "rank": "city", "hall": "1200", "due": "2022-6"} for name in ("保定市科技馆", "二馆")]
SITES = [
    {"title": "三馆", "rank": "city", "due": "2022-12"},
    {"title": "四馆", "rank": "city", "due": "2023-2"},
    {"title": "五馆", "rank": "city", "due": "2025-1"},
]


@pytest.fixture
def listed(cast: Cast) -> Cast:
    with_last_year(cast, plans=PLANS, sites=SITES)
    return cast


def unanswered(cast: Cast) -> list[str]:
    return [each.name for each in asked(open_filing(filing_of(cast))) if each.open]


def say(cast: Cast, **given: Any) -> Continuity:
    wanted = {"listed": "construction", "row": "r1", "fate": "delayed", "note": "延至 2023 年 10 月"} | given
    return answer_continuity(
        **{"filing": filing_of(cast), "actor": cast.province, "now": NOW} | wanted  # type: ignore[arg-type]
    )


def test_museums_not_free_and_museums_past_their_month_are_asked_about(listed: Cast) -> None:
    found = [(each.name, each.settled) for each in asked(open_filing(filing_of(listed)))]
    assert found == [("保定市科技馆", True), ("二馆", False), ("三馆", False)]
    assert unanswered(listed) == ["二馆", "三馆"]


def test_a_museum_of_this_year_s_list_is_settled(listed: Cast) -> None:
    save_in(listed, {"any_free": ("", True)})
    save_in(listed, typed("frees", {"title": "二 馆"}))
    assert unanswered(listed) == ["三馆"]


def test_without_last_year_nothing_is_asked_and_the_page_says_so(cast: Cast, province: Client) -> None:
    assert unanswered(cast) == []
    assert "没有本省 2021 年度的名单" in province.get(URL).content.decode()


def test_an_answer_is_kept_and_recorded(listed: Cast) -> None:
    say(listed)
    say(listed, fate="opened", note="")
    kept = Continuity.objects.get()
    assert (kept.name, kept.fate, kept.note, kept.by) == ("三馆", "opened", "", "A130000001")
    records = AuditRecord.objects.filter(stream="filing:2022-130000").order_by("seq")
    assert [record.details["fate"] for record in records] == ["delayed", "opened"]
    assert unanswered(listed) == ["二馆"]
    assert list(verify_audit()) == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"note": " "}, Incomplete),
        ({"fate": "dropped", "note": ""}, Incomplete),
        ({"fate": "free"}, Incomplete),
        ({"fate": "nonsense"}, Incomplete),
        ({"note": "长" * 301}, Incomplete),
        ({"row": "r2"}, Unusable),
        ({"listed": "planned", "row": "r1"}, Unusable),
        ({"listed": "conversion"}, Unusable),
    ],
)
def test_what_cannot_be_said_is_refused(listed: Cast, given: dict[str, str], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        say(listed, **given)
    assert not Continuity.objects.exists()
    assert not AuditRecord.objects.filter(action="answer_continuity").exists()


@pytest.mark.parametrize("name", ["other_province", "city", "filler", "system", "viewer", "auditor"])
def test_nobody_else_says_anything(listed: Cast, name: str) -> None:
    with pytest.raises(NotYours):
        say(listed, actor=getattr(listed, name))


def test_after_the_submission_nothing_is_said(listed: Cast) -> None:
    filing = filing_of(listed)
    filing.state = "submitted"
    filing.save(update_fields=["state"])
    with pytest.raises(WrongState):
        say(listed)


def test_the_page_asks_and_takes_answers(listed: Cast, province: Client) -> None:
    page = province.get(URL).content.decode()
    assert "待说明 2" in page
    assert "已在本年度免费开放科技馆之列" in page
    bad = province.post(URL, {"listed": "construction", "row": "r1", "fate": "delayed", "note": ""})
    assert bad.status_code == 422
    assert "请写明「三馆」的情况" in bad.content.decode()
    assert province.post(URL, {"listed": "construction", "row": "r1", "fate": "opened"}).status_code == 303
    after = province.get(URL).content.decode()
    assert "待说明 1" in after
    assert "已建成开放" in after


def test_a_museum_that_opened_or_was_given_up_is_not_proposed_again(listed: Cast) -> None:
    from guanshu.portal.domain.filing.offering import propose

    say(listed, fate="opened")
    proposal = propose(open_filing(filing_of(listed)), "construction")
    assert proposal is not None
    assert [offer.name for offer in proposal.offers] == ["四馆", "五馆"]
