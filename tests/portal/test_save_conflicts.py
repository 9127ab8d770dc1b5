"""Two people on one table: a value somebody else changed is never overwritten unseen."""

from guanshu.portal.models import SaveRecord
from tests.cast import NOW, Cast
from tests.portal.conftest import Save


def test_a_cell_changed_meanwhile_is_a_conflict_and_the_others_are_saved(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "100")})
    result = save({"land_area": ("", "200"), "building_area": ("", "50")})
    assert result.saved == {"building_area": "50.00"}
    conflict = result.conflicts["land_area"]
    assert (conflict.stored, conflict.actor, conflict.at) == ("100.00", "填报人", NOW)
    assert save({}).opened.stored.plain["1-1"]["cells"] == {"land_area": "100.00", "building_area": "50.00"}


def test_the_same_value_stored_meanwhile_is_no_conflict(save: Save) -> None:
    save({"land_area": ("", "100")})
    result = save({"land_area": ("7", "100.0")})
    assert result.saved == {"land_area": "100.00"}
    assert not result.conflicts


def test_a_conflict_is_settled_by_sending_what_is_stored_as_seen(save: Save) -> None:
    save({"land_area": ("", "100")})
    stored = save({"land_area": ("", "200")}).conflicts["land_area"].stored
    assert save({"land_area": (stored, "200")}).saved == {"land_area": "200.00"}


def test_a_value_cleared_meanwhile_is_a_conflict_that_shows_blank(save: Save) -> None:
    save({"land_area": ("", "100")})
    save({"land_area": ("100", "")})
    assert save({"land_area": ("100", "200")}).conflicts["land_area"].stored is None


def test_rows_added_by_two_people_conflict_and_the_cells_of_the_later_are_not_lost_unseen(save: Save) -> None:
    save({"shows.rows": ([], ["a1"]), "shows[a1].title": ("", "甲展")})
    result = save({"shows.rows": ([], ["b1"]), "shows[b1].title": ("", "乙展")})
    assert result.conflicts["shows.rows"].stored == ["a1"]
    assert result.conflicts["shows[b1].title"].stored is None
    assert not result.saved
    merged = save({"shows.rows": (["a1"], ["a1", "b1"]), "shows[b1].title": ("", "乙展")})
    assert merged.saved == {"shows.rows": ["a1", "b1"], "shows[b1].title": "乙展"}


def test_only_conflicts_write_no_record(save: Save) -> None:
    save({"land_area": ("", "100")})
    save({"land_area": ("", "200")})
    assert SaveRecord.objects.count() == 1
