"""A request that arrives twice, or altered, changes nothing."""

import pytest

from guanshu.portal.models import SaveRecord
from guanshu.portal.problems import AlteredRequest, TooLarge, Unusable
from tests.cast import Cast
from tests.portal.conftest import Save


def test_a_replayed_request_changes_nothing_and_is_answered_from_the_present(cast: Cast, save: Save) -> None:
    first = save({"land_area": ("", "100")}, request="r-1")
    again = save({"land_area": ("", "100")}, request="r-1")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.saved == {"land_area": "100.00"}
    assert SaveRecord.objects.count() == 1


def test_a_replay_does_not_undo_what_came_after_it(save: Save) -> None:
    save({"land_area": ("", "100")}, request="r-1")
    save({"land_area": ("100", "200")})
    assert save({"land_area": ("", "100")}, request="r-1").conflicts["land_area"].stored == "200.00"
    save({"land_area": ("200", "")})
    again = save({"land_area": ("", "100")}, request="r-1")
    assert again.conflicts["land_area"].stored is None
    assert again.opened.stored.plain["1-1"] == {}
    assert SaveRecord.objects.count() == 3


def test_a_replay_is_answered_even_when_the_report_has_moved_on(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "100")}, request="r-1")
    report = cast.report()
    report.state = "in_review"
    report.save()
    assert save({"land_area": ("", "100")}, request="r-1").saved == {"land_area": "100.00"}


def test_the_same_request_id_with_another_body_is_refused(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "100")}, request="r-1")
    with pytest.raises(AlteredRequest) as refused:
        save({"land_area": ("100", "999")}, request="r-1")
    assert refused.value.status == 409
    assert "不一致" in refused.value.message
    assert cast.report().saves == 1


def test_two_people_may_use_the_same_request_id(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "100")}, request="r-1")
    other = save(
        {"land_area": ("", "7")}, request="r-1", actor=cast.other_filler, report=cast.report(cast.shijiazhuang)
    )
    assert other.saved == {"land_area": "7.00"}


@pytest.mark.parametrize("request_id", ["x" * 65, "a b", "编号", "../x", "\x00"])
def test_a_malformed_request_id_is_refused(save: Save, request_id: str) -> None:
    with pytest.raises(Unusable) as refused:
        save({"land_area": ("", "100")}, request=request_id)
    assert refused.value.status == 400


def test_more_changes_than_a_form_has_are_refused_as_a_whole(cast: Cast, save: Save) -> None:
    with pytest.raises(TooLarge) as refused:
        save({f"cell{number}": ("", "1") for number in range(5001)})
    assert refused.value.status == 413
    assert "5001" in refused.value.message
    assert cast.report().saves == 0


def test_an_old_request_is_recognised_after_the_keys_were_changed(save: Save, settings: object) -> None:
    import base64

    save({"land_area": ("", "100")}, request="r-1")
    settings.GUANSHU_DATA_KEYS = (base64.urlsafe_b64encode(b"n" * 32).decode(), *settings.GUANSHU_DATA_KEYS)  # type: ignore[attr-defined]
    assert save({"land_area": ("", "100")}, request="r-1").replayed
