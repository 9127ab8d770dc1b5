"""Many at once: no acknowledged value is lost, nobody is turned away, the chains stay whole."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from guanshu.portal.models import Museum, Report, SaveRecord
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.verification import verify_audit
from tests.cast import Cast
from tests.portal.conftest import save_as

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(number: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run `work` in threads that start together; return what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(number)

    def run(index: int) -> None:
        try:
            gate.wait()
            work(index)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize(("people", "times"), [(2, 20), (16, 4)])
def test_people_who_change_the_same_cell_never_lose_a_value(cast: Cast, people: int, times: int) -> None:
    report = cast.report()

    def count_up(_index: int) -> None:
        for _ in range(times):
            seen = open_report(Report.objects.get(pk=report.pk)).stored.plain.get("2-1", {}).get("cells", {})
            value = seen.get("staff_total__own")
            while True:
                new = str(int(value or 0) + 1)
                conflict = save_as(cast.filler, report, {"staff_total__own": (value, new)}).conflicts
                if not conflict:
                    break
                # Two may have counted to the same number: what is stored is then not ours, and we go on from it.
                value = conflict["staff_total__own"].stored

    # Equal values are "done already" and would hide a lost step, so each step is looked up in the record.
    assert _at_once(people, count_up) == []
    steps = [row.changes for row in SaveRecord.objects.order_by("seq")]
    numbers = [int(changes[0][2]) for changes in steps]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [changes[0][1] for changes in steps] == [None, *(str(number) for number in numbers[:-1])]
    assert list(verify_audit()) == []


def test_people_who_change_different_cells_of_one_table_all_succeed(cast: Cast) -> None:
    cells = ["land_area", "building_area", "hall_area", "opened", "kind", "services", "leader", "remark"]
    values = ["1.00", "2.00", "3.00", "2001-01-01", "other", ["cafe"], "欧阳", "好"]
    report = cast.report()

    def write(index: int) -> None:
        result = save_as(cast.filler, report, {cells[index]: (None, values[index])})
        assert result.saved == {cells[index]: values[index]}

    assert _at_once(len(cells), write) == []
    opened = open_report(cast.report())
    assert opened.stored.plain["1-1"]["cells"] == dict(zip(cells, values, strict=True))
    assert cast.report().saves == len(cells)
    assert list(verify_audit()) == []


def test_sixteen_museums_save_at_once(cast: Cast) -> None:
    from guanshu.portal.domain.campaigns import create_reports
    from guanshu.portal.models import Account, Role

    museums = [
        Museum.objects.create(code=f"1306001{n:02}", name=f"馆{n}", province=cast.hebei, level="city")
        for n in range(16)
    ]
    assert create_reports(campaign=cast.campaign) == 16
    assert create_reports(campaign=cast.campaign) == 0
    fillers = [
        Account.objects.create(username=f"B{museum.code}", role=Role.FILLER.value, museum=museum) for museum in museums
    ]

    def fill(index: int) -> None:
        report, seen = cast.report(museums[index]), None
        for step in range(5):
            result = save_as(fillers[index], report, {"land_area": (seen, str(step))})
            assert result.saved
            seen = result.saved["land_area"]

    assert _at_once(16, fill) == []
    assert set(Report.objects.filter(museum__in=museums).values_list("saves", flat=True)) == {5}
    assert list(verify_audit()) == []


def test_the_same_request_sent_twice_at_once_is_saved_once(cast: Cast) -> None:
    report = cast.report()
    replayed: list[bool] = []

    def send(_index: int) -> None:
        replayed.append(save_as(cast.filler, report, {"land_area": ("", "5")}, request="same").replayed)

    assert _at_once(8, send) == []
    assert sorted(replayed) == [False] + [True] * 7
    assert SaveRecord.objects.count() == 1
