"""Blank, 0 and 不适用 are three things; 不适用 is stored only where the form allows it at that moment."""

from guanshu.survey.values.missing import BLANK, NA
from tests.cast import Cast
from tests.portal.conftest import Save


def test_a_cell_that_allows_na_stores_it_and_gives_it_up_again(save: Save) -> None:
    assert save({"building_area": ("", {"na": True})}).saved == {"building_area": {"na": True}}
    assert save({"building_area": ("不适用", "0")}).saved == {"building_area": "0.00"}
    result = save({"building_area": ("0", "不适用")})
    assert result.opened.answers.cells["building_area"] is NA


def test_a_table_that_allows_na_is_ticked_and_its_cells_are_refused_until_it_is_unticked(save: Save) -> None:
    save({"stops": ("", "5")})
    result = save({"3-2.na": (False, True)})
    assert result.saved == {"3-2.na": True}
    assert result.opened.evaluation.values["stops"] is NA
    refused = save({"stops": ("5", "6")})
    assert set(refused.problems) == {"stops"}
    # What was typed before the tick is kept.
    again = save({"3-2.na": (True, False), "stops": ("5", "6")})
    assert again.saved == {"3-2.na": None, "stops": "6"}


def test_a_condition_decides_whether_a_table_may_be_ticked(save: Save) -> None:
    save({"has_shop": ("", False)})
    refused = save({"3-3.na": (None, True)})
    assert set(refused.problems) == {"3-3.na"}
    # The same request may bring the condition about.
    assert save({"3-3.na": (None, True), "has_shop": (False, "是")}).saved == {"3-3.na": True, "has_shop": True}


def test_a_condition_decides_whether_a_cell_may_be_na(save: Save) -> None:
    save({"has_shop": ("", True)})
    assert set(save({"hall_area": ("", {"na": True})}).problems) == {"hall_area"}
    accepted = save({"hall_area": ("", {"na": True}), "has_shop": (True, False)})
    assert accepted.saved == {"hall_area": {"na": True}, "has_shop": False}
    # A condition that turns does not take the answer away; the evaluation asks for it again.
    result = save({"has_shop": (False, True)})
    assert result.opened.evaluation.values["hall_area"] is BLANK


def test_a_cell_whose_condition_is_false_is_refused_and_true_in_the_same_request_is_enough(save: Save) -> None:
    save({"has_shop": ("", False)})
    refused = save({"shop_name": ("", "礼品店"), "land_area": ("", "1")})
    assert set(refused.problems) == {"shop_name"}
    assert refused.saved == {"land_area": "1.00"}
    assert not save({"shop_name": ("", "礼品店"), "has_shop": (False, True)}).problems


def test_a_table_that_does_not_apply_is_refused(cast: Cast, save: Save) -> None:
    assert save({"free_days": ("", "300")}).saved == {"free_days": "300"}
    # Shijiazhuang is not in the free-opening programme of 2022.
    refused = save({"free_days": ("", "300")}, actor=cast.other_filler, report=cast.report(cast.shijiazhuang))
    assert set(refused.problems) == {"free_days"}
    assert cast.report(cast.shijiazhuang).saves == 0


def test_what_stops_applying_is_kept_but_reads_as_na(save: Save) -> None:
    save({"has_shop": ("", True), "shop_name": ("", "礼品店")})
    result = save({"has_shop": (True, False)})
    assert result.opened.evaluation.values["shop_name"] is NA
    assert result.opened.stored.plain["1-1"]["cells"]["shop_name"] == "礼品店"


def test_rows_of_a_table_ticked_na_are_refused_until_it_is_unticked(save: Save) -> None:
    save({"shows.rows": ([], ["k1"]), "shows[k1].title": ("", "恐龙")})
    assert not save({"3-1.na": (None, True)}).problems
    refused = save(
        {"shows[k1].title": ("恐龙", "鱼龙"), "shows.rows": (["k1"], ["k1", "k2"]), "shows.none": (None, True)}
    )
    assert set(refused.problems) == {"shows[k1].title", "shows.rows", "shows.none"}
    assert not save({"shows[k1].title": ("恐龙", "鱼龙"), "3-1.na": (True, False)}).problems
