"""What a printed page is worth: genuine or not, current or superseded, and never any data."""

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guanshu.portal.domain.verifying import Standing, Verified, verify_page
from guanshu.portal.models import ReportVersion
from guanshu.survey.documents.report_pdf.codes import PageCodes
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.snapshot import report_code
from guanshu.survey.workflow.states import State
from tests.portal.workflow.conftest import FILLED, Way


def code_of(way: Way, number: int = 1, page: int = 2) -> str:
    """Return the code as it is printed on a page of a version of five pages."""
    version = ReportVersion.objects.get(report=way.report, number=number)
    name, key = next(iter(configured.GUANSHU_PAGE_KEYS.items()))
    return PageCodes(report_code(way.report.number, number), version.content_hash, key.encode(), name).text(page, 5)


def verified(way: Way, number: int = 1) -> Verified:
    found = verify_page(code_of(way, number))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (State.AWAITING_STAMP, Standing.PRINTED),
        (State.SUBMITTED, Standing.SUBMITTED),
        (State.APPROVED, Standing.APPROVED),
        (State.RETURNED_BY_PROVINCE, Standing.REVISED),
    ],
)
def test_a_version_is_worth_what_its_report_is(way: Way, state: State, standing: Standing) -> None:
    way.to(state)
    found = verified(way)
    assert found.standing is standing
    assert (found.code.page, found.code.pages, found.version) == (2, 5, 1)
    assert found.good is (standing is not Standing.REVISED)


def test_a_version_is_superseded_by_the_next(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    way.type({"land_area": "9200"})
    way.do(Action.SUBMIT_IN_HOUSE)
    assert verified(way).standing is Standing.REVISED
    way.do(Action.PASS_IN_HOUSE)
    assert verified(way).standing is Standing.SUPERSEDED
    assert verified(way, 2).standing is Standing.PRINTED


def test_a_code_is_read_as_people_type_it(way: Way) -> None:
    way.to(State.SUBMITTED)
    code = code_of(way)
    for typed in (
        code.lower(),
        f" {code[:20]} \n{code[20:]}",
        code.replace("/", "|"),
        code.replace("/", "｜").replace(".", "。"),
        code.replace("/", " ").replace("-", "—"),
        code.replace("0", "o").replace("1", "l").replace("V", "u"),
        f"HTTPS://SJCJ.EXAMPLE.CN/VERIFY/{code}",
        f"https://elsewhere.example.cn:8000/tree/verify/{quote(code, safe='')}",
        f"sjcj.example.cn/verify/?code={quote(code)}",
    ):
        found = verify_page(typed)
        assert found is not None, typed
        assert found.code.report.endswith("-V1")


def test_a_forged_page_is_none(way: Way) -> None:
    way.to(State.SUBMITTED)
    code = code_of(way)
    for forged in (
        code.replace("/2/", "/3/"),
        code.replace("-V1", "-V2"),
        code[:-1] + ("0" if code[-1] != "0" else "1"),
    ):
        assert verify_page(forged) is None
    version = ReportVersion.objects.get(report=way.report)
    name, key = next(iter(configured.GUANSHU_PAGE_KEYS.items()))
    # Signed by us, but of other content or of a report there is none of.
    other = PageCodes(report_code(way.report.number, 1), "0" * 64, key.encode(), name).text(1, 5)
    nobody = PageCodes("2022-999999999-V1", version.content_hash, key.encode(), name).text(1, 5)
    assert verify_page(other) is verify_page(nobody) is None


def test_the_page_tells_and_shows_no_data(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    code = code_of(way)
    for page in (client.get("/verify/", {"code": code}), client.get(f"/VERIFY/{quote(code)}")):
        text = page.content.decode()
        assert page.status_code == 200
        assert Standing.SUBMITTED.value in text
        assert way.report.museum.name in text
        assert str(FILLED["leader"]) not in text
    assert "没有核验到这一页" in client.get("/verify/", {"code": code[:-2]}).content.decode()
    assert "没有核验到" not in client.get("/verify/").content.decode()


@pytest.mark.parametrize("typed", ["\x00", "A" * 5000, "|" * 60, "２０２２", "<script>alert(1)</script>", "'"])
def test_whatever_is_typed_is_answered(way: Way, client: Client, typed: str) -> None:
    answer: Any = client.get("/verify/", {"code": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@given(st.text())
def test_no_text_is_taken_for_a_page(text: str) -> None:
    assert verify_page(text) is None
