"""Rows tables: rows are added, moved and removed; what a removed row held stays in the record."""

from guanshu.portal.models import SaveRecord
from guanshu.portal.queries.verification import verify_audit
from tests.cast import Cast
from tests.portal.conftest import Save


def _titles(save: Save) -> list[tuple[str, str]]:
    rows = save({}).opened.stored.plain.get("3-1", {}).get("rows", ())
    return [(row["id"], row["cells"].get("title", "")) for row in rows]


def _two_rows(save: Save) -> None:
    save({"shows.rows": ([], ["k1", "k2"]), "shows[k1].title": ("", "恐龙"), "shows[k2].title": ("", "航天")})


def test_rows_are_added_with_their_cells_in_one_request(save: Save) -> None:
    result = save({"shows[k1].title": ("", "恐龙"), "shows.rows": ([], ["k1"])})
    assert result.saved == {"shows.rows": ["k1"], "shows[k1].title": "恐龙"}
    assert _titles(save) == [("k1", "恐龙")]


def test_rows_are_moved(save: Save) -> None:
    _two_rows(save)
    save({"shows.rows": (["k1", "k2"], ["k2", "k1"])})
    assert _titles(save) == [("k2", "航天"), ("k1", "恐龙")]


def test_a_removed_row_takes_its_cells_along_and_the_record_keeps_them(cast: Cast, save: Save) -> None:
    _two_rows(save)
    save({"shows.rows": (["k1", "k2"], ["k2"])})
    assert _titles(save) == [("k2", "航天")]
    last = SaveRecord.objects.latest("seq")
    assert last.changes == [["shows[k1].title", "恐龙", None], ["shows.rows", ["k1", "k2"], ["k2"]]]
    # A row of the same id begins empty.
    save({"shows.rows": (["k2"], ["k2", "k1"])})
    assert _titles(save) == [("k2", "航天"), ("k1", "")]
    assert list(verify_audit()) == []


def test_a_cell_of_a_row_removed_in_the_same_request_is_refused(save: Save) -> None:
    _two_rows(save)
    result = save({"shows.rows": (["k1", "k2"], ["k2"]), "shows[k1].title": ("恐龙", "鱼龙")})
    assert set(result.problems) == {"shows[k1].title"}


def test_cells_of_rows_that_could_not_be_added_are_refused_with_them(save: Save) -> None:
    result = save({"shows.rows": ([], ["k1", "k2", "k3", "k4"]), "shows[k4].title": ("", "第四")})
    assert set(result.problems) == {"shows.rows", "shows[k4].title"}
    assert not result.saved


def test_none_this_year_and_rows_exclude_each_other(save: Save) -> None:
    _two_rows(save)
    assert set(save({"shows.none": (None, True)}).problems) == {"shows.none"}
    save({"shows.rows": (["k1", "k2"], [])})
    assert save({"shows.none": (None, True)}).saved == {"shows.none": True}
    refused = save({"shows.rows": ([], ["k3"]), "shows[k3].title": ("", "化石")})
    assert set(refused.problems) == {"shows.rows", "shows[k3].title"}
    accepted = save({"shows.rows": ([], ["k3"]), "shows[k3].title": ("", "化石"), "shows.none": (True, False)})
    assert not accepted.problems
    assert _titles(save) == [("k3", "化石")]


def test_all_rows_go_and_none_is_ticked_in_one_request(cast: Cast, save: Save) -> None:
    _two_rows(save)
    assert not save({"shows.none": (None, True), "shows.rows": (["k1", "k2"], [])}).problems
    assert save({}).opened.stored.plain["3-1"] == {"none": True}
    assert list(verify_audit()) == []


def test_a_calculated_column_is_refused(save: Save) -> None:
    _two_rows(save)
    assert set(save({"shows[k1].fee": ("", "1")}).problems) == {"shows[k1].fee"}
