"""Seals: made by the minute, printed, kept elsewhere; whatever is changed in the trail contradicts one of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanshu.portal import audit
from guanshu.portal.domain.jobs import tick
from guanshu.portal.domain.maintenance.backup import make_backup
from guanshu.portal.domain.sealing import read_log, seal, sealing
from guanshu.portal.domain.sealing.verifying import verify_everything
from guanshu.portal.models import AuditRecord, AuditSeal, AuditStream, Report, SaveRecord
from guanshu.portal.queries.seals import newest_seal
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.conftest import Save
from tests.portal.workflow.conftest import Way

LATER = NOW + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def log(settings: Any, tmp_path: Path) -> Path:
    settings.GUANSHU_SEALS = tmp_path / "elsewhere" / "seals.log"
    settings.GUANSHU_TODAY = "2023-02-04"
    return tmp_path / "elsewhere" / "seals.log"


def event(stream: str = "account:X", now: datetime = NOW, **details: Any) -> AuditRecord:
    return audit.record(stream=stream, actor="X", action="login", object="X", details=details, now=now)


@pytest.fixture
def sealed(cast: Cast, save: Save) -> Cast:
    """Save three times and note two events, then seal it all."""
    save({"land_area": ("", "100")})
    save({"land_area": ("100", "200"), "shows.rows": ([], ["k1"]), "shows[k1].title": ("", "恐龙")})
    save({"opened": ("", "2010-05-01")})
    event(n=1)
    event(n=2)
    event("account:Y", n=3)
    assert seal(now=LATER) == 1
    assert found() == []
    return cast


def found() -> list[str]:
    audit.arm(connection)
    return list(verify_everything())


@pytest.fixture
def opened(sealed: Cast) -> Iterator[Cast]:
    """Take the triggers away, as somebody with the database's password could."""
    audit.disarm(connection)
    yield sealed
    audit.arm(connection)


def test_a_minute_seals_what_is_settled_and_nothing_twice(cast: Cast) -> None:
    event()
    assert seal(now=NOW + timedelta(seconds=59)) == 0
    assert seal(now=NOW + timedelta(seconds=60)) == 1
    assert seal(now=LATER) == 0
    event(now=LATER)
    tick(now=LATER + timedelta(minutes=1))
    rows = list(AuditSeal.objects.order_by("number"))
    assert [row.number for row in rows] == [1, 2]
    assert rows[1].prev == rows[0].hash
    assert list(rows[1].heads["audit"]) == ["account:X"]
    assert found() == []


def test_what_came_late_is_sealed_with_the_next(cast: Cast) -> None:
    """An id is taken before its transaction is seen; the seal after must still find the record."""
    first = event("account:slow")
    event("account:quick")
    audit.disarm(connection)
    AuditRecord.objects.filter(pk=first.pk).delete()
    audit.arm(connection)
    seal(now=LATER)
    AuditRecord.objects.bulk_create([first])
    assert seal(now=LATER + timedelta(minutes=1)) == 1
    assert AuditSeal.objects.get(number=2).heads["audit"]["account:slow"][2] == [first.pk]
    assert found() == []


def test_a_large_database_gets_several_seals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST", 4)
    monkeypatch.setattr(sealing, "BACK", 3)
    for n in range(15):
        event(f"account:{n % 4}", n=n)
    seal(now=LATER)
    ids = [pk for row in AuditSeal.objects.all() for end in row.heads["audit"].values() for pk in end[2]]
    assert sorted(ids) == sorted(AuditRecord.objects.values_list("pk", flat=True))
    assert len(ids) == len(set(ids))
    assert found() == []


STATEMENTS = [
    "UPDATE {t} SET at = at",
    "UPDATE {t} SET hash = 'x'",
    "DELETE FROM {t}",
    "DELETE FROM {t} WHERE at = (SELECT max(at) FROM {t})",
]
OWN = {
    "sqlite": [
        "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
        "REPLACE INTO {t} SELECT * FROM {t}",
        "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT DO UPDATE SET hash = 'X'",
        "UPDATE OR REPLACE {t} SET hash = 'x'",
    ],
    "postgresql": [
        "TRUNCATE {t}",
        "TRUNCATE {t} CASCADE",
        "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT ({key}) DO UPDATE SET hash = 'X'",
        "SET LOCAL session_replication_role = replica; UPDATE {t} SET hash = 'x'",
        "MERGE INTO {t} USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ],
}


@pytest.mark.parametrize("table", ["portal_saverecord", "portal_auditrecord", "portal_auditseal"])
def test_none_of_the_three_tables_can_be_changed(sealed: Cast, table: str) -> None:
    for statement in [*STATEMENTS, *OWN[connection.vendor]]:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(t=table, key="number" if table == "portal_auditseal" else "id"))
    assert found() == []


TABLES: dict[str, type[models.Model]] = {"saves": SaveRecord, "audit": AuditRecord, "seals": AuditSeal}


@pytest.mark.parametrize("table", TABLES)
def test_a_flipped_byte_anywhere_names_the_row(opened: Cast, table: str) -> None:
    """Every column of every row, bytes at random: the sentence names this row (or that it is gone)."""
    model = TABLES[table]
    rows, key = list(model.objects.order_by("pk").values()), model._meta.pk.name

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def flip(data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(rows))
        column = data.draw(st.sampled_from(sorted(row)))
        changed = flipped(row[column], data)
        if changed == row[column]:
            return
        try:
            with transaction.atomic():
                model.objects.filter(pk=row[key]).update(**{column: changed})
        except IntegrityError:
            return  # another row has this key already: the database itself refuses
        problems = found()
        audit.disarm(connection)
        moved = changed if column == key else row[key]
        model.objects.filter(pk=moved).update(**{column: row[column]})
        assert any(names(line, table, row) for line in problems), (column, changed, problems)

    flip()
    assert found() == []


def flipped(value: Any, data: st.DataObject) -> Any:
    bit = data.draw(st.integers(0, 6))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1 << (bit * 3))
    if isinstance(value, int):
        return value ^ (1 << (bit + 8))
    if isinstance(value, str):
        if not value:
            return "0"
        place = data.draw(st.integers(0, len(value) - 1))
        return value[:place] + chr((ord(value[place]) ^ (1 << bit)) or 1) + value[place + 1 :]
    if isinstance(value, dict) and value:
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: flipped(value[key], data)}
    if isinstance(value, list) and value:
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], flipped(value[place], data), *value[place + 1 :]]
    return [1] if not value else None


def names(line: str, table: str, row: dict[str, Any]) -> bool:
    if table == "seals":
        return f"第 {row['number']} 号封印" in line or f"第 {row['number'] + 1} 号封印" in line
    chain = row["report" if table == "saves" else "stream"]
    return chain in line and (f"第 {row['seq']} " in line or f"第 {row['seq'] + 1} " in line)


def test_a_deleted_tail_is_named_even_with_its_head_set_back(opened: Cast) -> None:
    last = AuditRecord.objects.get(stream="account:X", seq=2)
    first = AuditRecord.objects.get(stream="account:X", seq=1)
    AuditRecord.objects.filter(pk=last.pk).delete()
    AuditStream.objects.filter(name="account:X").update(seq=1, head=first.hash)
    assert [line for line in found() if "account:X 第 2 条记录" in line and "第 1 号封印登记过" in line]


def test_a_stream_that_vanished_with_its_head_is_named(opened: Cast) -> None:
    AuditRecord.objects.filter(stream="account:Y").delete()
    AuditStream.objects.filter(name="account:Y").delete()
    assert [line for line in found() if "account:Y 第 1 条记录" in line]


def rewrite(stream: str = "account:X") -> None:
    """Tell another story, with fresh hashes to the end and the head to fit."""
    prev = ""
    for row in AuditRecord.objects.filter(stream=stream).order_by("seq"):
        row.actor = "Z"
        audit.link(row, prev=prev).save()
        prev = row.hash
    AuditStream.objects.filter(name=stream).update(head=prev)


def rewrite_saves(cast: Cast) -> None:
    prev, report = "", cast.report()
    for row in SaveRecord.objects.filter(report=report.number).order_by("seq"):
        row.actor = "Z"
        audit.link(row, prev=prev).save()
        prev = row.hash
    Report.objects.filter(pk=report.pk).update(head=prev)


def test_a_table_rewritten_with_fresh_hashes_contradicts_the_seals(opened: Cast) -> None:
    rewrite()
    rewrite_saves(opened)
    lines = found()
    assert "审计流 account:X 第 2 条记录：与第 1 号封印登记的校验值不符，记录被改写过。" in lines
    assert "保存记录 2022-130600001 第 3 条记录：与第 1 号封印登记的校验值不符，记录被改写过。" in lines


def reseal() -> None:
    """Make the seals anew, as if nothing had been."""
    AuditSeal.objects.all().delete()
    with transaction.atomic():
        sealing._make(LATER)


def test_rewritten_seals_contradict_the_file_outside(opened: Cast, log: Path) -> None:
    rewrite()
    reseal()
    assert found() == ["第 1 号封印：与封印日志中的校验值不符，数据库里的封印被改写过。"]
    log.unlink()
    assert found() == []


def test_rewritten_seals_contradict_a_receipt(opened: Cast, log: Path) -> None:
    printed = newest_seal()
    assert printed is not None
    rewrite()
    reseal()
    log.unlink()
    audit.arm(connection)
    paper = [(printed.number, printed.short.replace(" ", "")[:8])]
    assert list(verify_everything(seals=paper)) == ["第 1 号封印：与所给封印中的校验值不符，数据库里的封印被改写过。"]


def test_missing_seals_are_named(opened: Cast) -> None:
    event(now=LATER)
    seal(now=LATER + timedelta(minutes=2))
    AuditSeal.objects.filter(number=2).delete()
    assert found() == ["第 2 号封印：封印日志中有，数据库里没有（数据库里最新的是第 1 号）。"]


def test_the_file_has_every_seal_and_is_caught_up_after_a_bad_day(cast: Cast, log: Path, caplog: Any) -> None:
    event()
    log.parent.write_text("in the way")
    seal(now=LATER)
    assert "seals.log cannot be written" in caplog.text
    log.parent.unlink()
    event(now=LATER)
    seal(now=LATER + timedelta(minutes=2))
    assert [each.number for each in read_log()] == [1, 2]
    assert oct(log.stat().st_mode)[-3:] == "600"


def test_the_newest_seal_is_on_the_receipt(cast: Cast) -> None:
    way = Way(cast).to(State.SUBMITTED)
    client = Client()
    client.force_login(cast.reviewer, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    assert "<dt>系统封印</dt>" not in client.get("/museum/history/receipts/1/").content.decode()
    seal(now=way.now + timedelta(minutes=2))
    newest = newest_seal()
    assert newest is not None
    assert f"第 {newest.number} 号　{newest.short}" in client.get("/museum/history/receipts/1/").content.decode()


def test_the_newest_seal_is_in_the_backup(sealed: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanshu.portal.domain.maintenance import backup

    monkeypatch.setattr(backup, "_copy_sqlite", lambda copy: copy.write_bytes(b""))
    monkeypatch.setattr(backup, "run_postgresql", lambda _command: None)
    newest = newest_seal()
    assert newest is not None
    manifest = make_backup(target=tmp_path / "backup", now=LATER)
    assert manifest["seal"] == {"number": newest.number, "hash": newest.hash}


def test_the_command_takes_a_seal_as_it_is_printed() -> None:
    import argparse

    from guanshu.commands.verify_audit import _seal

    assert _seal("12:9F3A 0C41 77AB 0001") == (12, "9f3a0c4177ab0001")
    with pytest.raises(argparse.ArgumentTypeError):
        _seal("12:9F3A")
