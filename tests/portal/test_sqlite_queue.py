"""The SQLite backend: its profile, and a queue that every write goes through and always leaves."""

import contextlib
import fcntl
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from guanshu.portal.models import Province
from guanshu.portal.sqlite import base, queue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _sqlite_only() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own backend")


def _province(code: str = "130000", order: int = 3) -> Province:
    return Province(code=code, order=order, name="河北省科协", short_name="河北")


def _free() -> bool:
    """Return whether nobody is in the queue, as another process sees it."""
    path = os.path.realpath(str(connection.settings_dict["NAME"])) + ".queue"
    code = f"import fcntl,os; fcntl.flock(os.open({path!r}, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    return subprocess.run([sys.executable, "-c", code], check=False, stderr=subprocess.DEVNULL).returncode == 0


def _count_elsewhere() -> int:
    with contextlib.closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as other:
        return int(other.execute("SELECT count(*) FROM portal_province").fetchone()[0])


@pytest.fixture
def somebody_writes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let another process be in the queue, and wait for it for a moment only."""
    monkeypatch.setattr(base, "_TIMEOUT", 0.1)
    path = Path(os.path.realpath(str(connection.settings_dict["NAME"])) + ".queue")
    # A second open file is to flock what a second process is.
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def test_the_profile_is_what_design_says() -> None:
    with connection.cursor() as cursor:
        values = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            values[name] = cursor.fetchone()[0]
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000}


def test_a_transaction_takes_the_write_lock_at_once() -> None:
    # One that reads first and writes later could fail half-way instead of waiting at the door.
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=0)
    with transaction.atomic(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_transaction_holds_the_turn_until_it_ends() -> None:
    with transaction.atomic():
        assert not _free()
        with transaction.atomic():
            _province().save()
        assert not _free()
    assert _free()


def test_the_turn_ends_with_a_rollback_a_failure_and_a_failed_commit() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    assert _free()
    with pytest.raises(IntegrityError), transaction.atomic():
        Province.objects.bulk_create([_province(), _province()])
    assert _free()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        # A foreign key is checked when the transaction commits.
        cursor.execute("INSERT INTO portal_freestatus (museum_id, year) VALUES (999, 2022)")
    assert _free()
    assert Province.objects.count() == 0


def test_a_write_outside_a_transaction_takes_its_turn_and_returns_its_rows() -> None:
    made = Province.objects.bulk_create([_province("1", 1), _province("2", 2), _province("3", 3)])
    assert all(province.pk for province in made)
    assert _free()
    with connection.cursor() as cursor:
        columns = '(code, "order", name, short_name)'
        rows = "('4', 4, '', ''), ('5', 5, '', '')"
        cursor.execute(f"INSERT INTO portal_province {columns} VALUES {rows} RETURNING code")
        assert _free()
        # Committed while it was our turn, not when the rows are fetched.
        assert _count_elsewhere() == 5
        assert cursor.fetchone() == ("4",)
        assert cursor.fetchmany(1) == [("5",)]
        assert cursor.fetchone() is None
        cursor.execute("UPDATE portal_province SET name = 'x' RETURNING code")
        assert len(cursor.fetchall()) == 5
        cursor.execute("DELETE FROM portal_province WHERE code = '5'")
        assert cursor.rowcount == 1
        cursor.executemany("UPDATE portal_province SET name = %s WHERE code = %s", [("a", "1"), ("b", "2")])
    assert _free()
    assert list(Province.objects.values_list("name", flat=True)) == ["a", "b", "x", "x"]


def test_reading_never_waits_for_a_writer(somebody_writes: None) -> None:
    assert list(Province.objects.all()) == []


def test_a_write_waits_for_another_process_and_gives_up_in_time(somebody_writes: None) -> None:
    with pytest.raises(OperationalError, match="locked"):
        _province().save()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    connection.close()


def test_after_giving_up_the_connection_is_as_good_as_new(somebody_writes: None) -> None:
    with pytest.raises(OperationalError):
        _province().save()
    path = Path(os.path.realpath(str(connection.settings_dict["NAME"])))
    with pytest.raises(OperationalError), transaction.atomic():
        pass
    assert not connection.in_atomic_block
    assert queue.queue_for(str(path)) is queue.queue_for(str(connection.settings_dict["NAME"]))


def test_threads_take_turns() -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def write(number: int) -> None:
        nonlocal inside, most
        try:
            with transaction.atomic():
                with lock:
                    inside += 1
                    most = max(most, inside)
                _province(str(number), number).save()
                with lock:
                    inside -= 1
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert Province.objects.count() == 12


def test_a_forked_process_does_not_share_its_parents_turn() -> None:
    path = str(connection.settings_dict["NAME"])
    _province().save()
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(wait, 1)
        try:
            queue.queue_for(path).enter(0.1)
        except queue.QueueTimeout:
            os._exit(7)
        os._exit(0)
    with transaction.atomic():
        os.write(go, b"x")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
