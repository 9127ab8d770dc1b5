"""The province's pages of figures and documents: what they show, how many questions they ask, what they hand out."""

import io
import json
import subprocess
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanshu.portal.models import Account, Museum, Report, SelfEvaluation
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.papers.conftest import filing_of, hand_in, type_lists
from tests.survey.documents.lists_2022 import FOLDER

EVALUATION = "/province/materials/evaluation/"


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


def page(cast: Cast, path: str) -> str:
    answer = client_of(cast.province).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_dashboard_counts_and_compares(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "12000", "floor": "400"})
    hand_in(cast, cast.baoding, {"guests": "10000"}, year=2021)
    Report.objects.filter(museum=cast.shijiazhuang).update(
        summary={
            "findings": {"mandatory": 2, "verify": 1, "open": 1},
            "by_table": {"1": {"findings": {"mandatory": 2, "verify": 1, "open": 1}}},
        },
        state=State.FILLING.value,
    )
    text = page(cast, "/province/dashboard/")
    for part in ("12,000", "10,000", "+20.0 %", "1 座可比", "强制 2", "1 基本情况", "未注明", "填报中", "小", "免费 1"):
        assert part in text, part
    assert "style=" not in text
    assert "海淀" not in text


def test_blank_is_shown_as_blank(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "0"})
    text = page(cast, "/province/dashboard/")
    assert "<b>0</b>" in text
    assert "未填" in text


def test_closed_years_and_unknown_ones(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "777"}, year=2021)
    assert "777" in page(cast, "/province/dashboard/?year=2021")
    assert client_of(cast.province).get("/province/dashboard/?year=1999").status_code == 404
    assert client_of(cast.province).get(f"{EVALUATION}?year=2021").status_code == 404


@pytest.mark.parametrize("path", ["/province/dashboard/", EVALUATION])
def test_three_museums_ask_no_more_than_one(path: str, cast: Cast) -> None:
    Report.objects.filter(museum=cast.shijiazhuang).delete()
    hand_in(cast, cast.baoding, {"guests": "1"})
    client = client_of(cast.province)
    one = questions(client, path)
    for place in range(2):
        museum = Museum.objects.create(
            code=f"13070000{place}", name=f"第{place}馆", province=cast.hebei, level="city", city=f"第{place}市"
        )
        hand_in(cast, museum, {"guests": "5"})
        hand_in(cast, museum, {"guests": "5"}, year=2021)
    assert questions(client, path) == one
    assert one <= 16


def questions(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_draft_is_handed_out_and_goes_out_of_date(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "12000"})
    assert "还没有下载过初稿" in page(cast, EVALUATION)
    answer = client_of(cast.province).post(EVALUATION)
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    docx.Document(io.BytesIO(answer.content))
    assert "第 1 稿所用的数据没有变动" in page(cast, EVALUATION)
    hand_in(cast, cast.baoding, {"guests": "13000"})
    text = page(cast, EVALUATION)
    for part in ("数据已变动，初稿已过期", "到馆观众（全部科技馆）", "12,000人次（1 座）", "13,000人次（1 座）"):
        assert part in text, part
    client_of(cast.province).post(EVALUATION)
    assert "数据已变动" not in page(cast, EVALUATION)
    assert SelfEvaluation.objects.count() == 2


def test_without_free_museums_there_is_no_button(cast: Cast) -> None:
    type_lists(cast, {"any_free": False})
    text = page(cast, EVALUATION)
    assert "不适用" in text
    assert "下载自评报告初稿" not in text
    assert client_of(cast.province).post(EVALUATION).status_code == 409


def with_real_lists(cast: Cast) -> None:
    from guanshu.portal.domain.questionnaires import publish_questionnaire
    from guanshu.survey.loading import read_folder
    from tests.cast import NOW

    filing = filing_of(cast)
    filing.questionnaire = publish_questionnaire(files=read_folder(FOLDER), now=NOW)
    filing.save(update_fields=["questionnaire"])


def test_lists_are_handed_out_as_word_and_pdf(cast: Cast) -> None:
    with_real_lists(cast)
    type_lists(cast, {"has_free": True, "free_list.rows": ["r1"], "construction_list.none": True})
    type_lists(cast, {"free_list[r1].museum": "保定市科技馆", "free_list[r1].amount": "286.5"}, "second")
    client = client_of(cast.province)
    word = client.get("/province/materials/papers/free.docx")
    assert word.status_code == 200
    assert "%E6%9C%8D" not in word["Content-Disposition"]
    table = docx.Document(io.BytesIO(word.content)).tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["1", "保定市科技馆", "286.5", ""]
    pdf = client.get("/province/materials/papers/construction.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf.content, capture_output=True, check=True)
    said = done.stdout.decode()
    assert "河北省在建（拟建）科技馆名单" in said
    assert "\n无\n" in said
    assert client.get("/province/materials/papers/construction.pdf").content == pdf.content


@pytest.mark.parametrize("name", ["goals.docx", "nothing.docx", "free_list.docx", "free.exe", "free.docx?year=1999"])
def test_what_is_no_paper_is_not_there(name: str, cast: Cast) -> None:
    with_real_lists(cast)
    assert client_of(cast.province).get(f"/province/materials/papers/{name}").status_code == 404


def test_figures_kept_are_plain(cast: Cast) -> None:
    hand_in(cast, cast.baoding, {"guests": "12000"})
    client_of(cast.province).post(EVALUATION)
    kept: Any = SelfEvaluation.objects.get().figures
    assert json.loads(json.dumps(kept)) == kept
