"""The pages of the report's way on a phone and for a screen reader, in the states that show most."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page

from guanshu.portal import clock
from guanshu.portal.domain.files import confirm_upload, store_upload
from guanshu.portal.domain.reporting import comment_on_cell, perform, reply_to_comment
from guanshu.portal.models import CellComment
from guanshu.survey.workflow.actions import Action
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.filling import fill_by_saving, read
from tests.e2e.test_every_screen import violations
from tests.survey.intake import makers


@pytest.fixture
def returned(cast: Cast) -> Cast:
    """Baoding's report, returned by the reviewer with two comments."""
    cast.baoding.name = next(line["value"] for line in read("free_museum.csv") if line["cell"] == "museum_name")
    cast.baoding.save()
    fill_by_saving(cast.report(), cast.filler, clock.now())
    archive = makers.make_zip({**makers.full(), "说明.txt": b"x"})
    for purpose, name, data in (("annual_summary", "a.docx", makers.word()), ("free_report", "b.zip", archive)):
        upload = SimpleUploadedFile(name, data)
        store_upload(report=cast.report(), purpose=purpose, upload=upload, actor=cast.filler, now=clock.now())
    confirm_upload(report=cast.report(), purpose="free_report", actor=cast.filler, now=clock.now())
    do(cast, Action.SUBMIT_IN_HOUSE)
    for address in ("building_area", "visit_total__visitors"):
        comment_on_cell(report=cast.report(), actor=cast.reviewer, address=address, text="请核对。", now=clock.now())
    do(cast, Action.RETURN_TO_FILLER, reason="有两处请核对。")
    return cast


def do(cast: Cast, action: Action, **given: str) -> None:
    actor = cast.filler if action is Action.SUBMIT_IN_HOUSE else cast.reviewer
    perform(report=cast.report(), actor=actor, action=action, now=clock.now(), **given)


def check(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(path)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert violations(page) == []


def test_a_returned_report(enter: Open, returned: Cast) -> None:
    page = enter()
    for path in ("", "submit/", "tables/2-1/", "tables/7-3/", "review/", "stamp/", "history/"):
        check(page, f"/museum/{path}")


def test_a_report_under_review_and_waiting_for_its_stamp(enter: Open, returned: Cast) -> None:
    for comment in CellComment.objects.all():
        reply_to_comment(
            report=returned.report(), actor=returned.filler, comment=comment.pk, text="已核对无误。", now=clock.now()
        )
    do(returned, Action.SUBMIT_IN_HOUSE)
    page = enter(returned.reviewer)
    for path in ("review/?comment=land_area", "tables/2-1/?comment=land_area", "tables/2-2/"):
        check(page, f"/museum/{path}")
    do(returned, Action.PASS_IN_HOUSE)
    for path in ("stamp/", "history/"):
        check(page, f"/museum/{path}")
