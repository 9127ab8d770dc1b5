"""The trail: append-only on both databases, and every change to it is named."""

import json
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from guanshu.portal import audit
from guanshu.portal.models import AuditRecord, AuditStream, Report, SaveRecord, TableAnswers
from guanshu.portal.queries.verification import verify_audit
from tests.cast import NOW, Cast
from tests.portal.conftest import Save

REFUSED = {
    "update": "UPDATE {table} SET actor = 'X'",
    "update of nothing that matters": "UPDATE {table} SET at = at",
    "delete": "DELETE FROM {table}",
}
SQLITE = {
    "replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "replace by another key": "INSERT OR REPLACE INTO {table} ({rest}) SELECT {rest} FROM {table}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT DO UPDATE SET actor = 'X'",
}
POSTGRESQL = {
    "truncate": "TRUNCATE {table}",
    "truncate with others": "TRUNCATE portal_auditstream, {table} CASCADE",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET actor = 'X'",
    "as a replica": "SET LOCAL session_replication_role = replica; DELETE FROM {table}",
}


def _statements(table: str) -> Iterator[tuple[str, str]]:
    own = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    model = SaveRecord if table == "portal_saverecord" else AuditRecord
    rest = ", ".join(field.column for field in model._meta.local_fields if not field.primary_key)
    for name, statement in {**REFUSED, **own}.items():
        yield name, statement.format(table=table, rest=rest)


@pytest.mark.parametrize("table", ["portal_saverecord", "portal_auditrecord"])
def test_what_is_recorded_cannot_be_changed_or_removed(cast: Cast, save: Save, table: str) -> None:
    save({"land_area": ("", "100")})
    model = SaveRecord if table == "portal_saverecord" else AuditRecord
    before = list(model.objects.values())
    assert before
    for name, statement in _statements(table):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert list(model.objects.values()) == before, name
    # Appending goes on.
    save({"land_area": ("100", "200")})
    assert list(verify_audit()) == []


def test_arming_twice_does_no_harm_and_a_missing_trigger_is_noticed(cast: Cast) -> None:
    audit.arm(connection)
    assert audit.armed(connection)
    suffix = "" if connection.vendor == "sqlite" else " ON portal_saverecord"
    name = "portal_saverecord_delete" if connection.vendor == "sqlite" else "portal_saverecord_rows"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{suffix}")
    assert not audit.armed(connection)
    assert any("触发器" in line for line in verify_audit())
    audit.arm(connection)
    assert audit.armed(connection)


def test_a_switched_off_trigger_is_noticed(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot switch triggers off")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_saverecord DISABLE TRIGGER portal_saverecord_rows")
    assert not audit.armed(connection)


@pytest.fixture
def three_saves(cast: Cast, save: Save) -> Cast:
    """Save three times, then open the tables to tampering."""
    save({"land_area": ("", "100")})
    save({"land_area": ("100", "200"), "shows.rows": ([], ["k1"]), "shows[k1].title": ("", "恐龙")})
    save({"opened": ("", "2010-05-01")})
    assert list(verify_audit()) == []
    return cast


def _tampered() -> list[str]:
    """Return what verify_audit finds once the triggers are back."""
    audit.arm(connection)
    return list(verify_audit())


def test_a_flipped_byte_is_named(three_saves: Cast) -> None:
    audit.disarm(connection)
    row = SaveRecord.objects.get(seq=2)
    text = json.dumps(row.changes).replace("200.00", "201.00")
    SaveRecord.objects.filter(pk=row.pk).update(changes=json.loads(text))
    found = _tampered()
    assert "报表 2022-130600001 第 2 条记录：内容与校验值不符，记录被改动过。" in found
    assert any("表1-1" in line and "land_area" in line for line in found)


@pytest.mark.parametrize("field", ["actor", "at", "request", "body_hash", "prev", "hash"])
def test_every_field_of_a_record_is_covered(three_saves: Cast, field: str) -> None:
    from datetime import timedelta

    audit.disarm(connection)
    new = NOW + timedelta(microseconds=1) if field == "at" else "0" * 20
    SaveRecord.objects.filter(seq=2).update(**{field: new})
    assert any("第 2 条记录" in line or "第 3 条记录" in line for line in _tampered())


def test_a_forged_record_with_a_right_hash_breaks_the_next_link(three_saves: Cast) -> None:
    audit.disarm(connection)
    row = SaveRecord.objects.get(seq=2)
    row.changes[0][2] = "999.00"
    SaveRecord.objects.filter(pk=row.pk).update(changes=row.changes, hash=audit.hash_of(row))
    assert "报表 2022-130600001 第 3 条记录：与前一条记录不衔接。" in _tampered()


def test_a_missing_record_in_the_middle_is_named(three_saves: Cast) -> None:
    audit.disarm(connection)
    SaveRecord.objects.filter(seq=2).delete()
    assert "报表 2022-130600001 第 3 条记录：前面缺少第 2 至 2 条记录。" in _tampered()


def test_a_deleted_tail_is_named(three_saves: Cast) -> None:
    audit.disarm(connection)
    SaveRecord.objects.filter(seq__gte=2).delete()
    assert "报表 2022-130600001：末尾缺少第 2 至 3 条记录。" in _tampered()


def test_all_records_deleted_is_named(three_saves: Cast) -> None:
    audit.disarm(connection)
    SaveRecord.objects.all().delete()
    assert "报表 2022-130600001：末尾缺少第 1 至 3 条记录。" in _tampered()


def test_a_record_planted_behind_the_head_is_named(three_saves: Cast) -> None:
    last = SaveRecord.objects.get(seq=3)
    planted = SaveRecord(
        report=last.report,
        seq=4,
        actor="X",
        at=NOW,
        request="p",
        body_hash="",
        changes=[["land_area", "200.00", "1.00"]],
    )
    audit.link(planted, prev=last.hash).save()
    assert "报表 2022-130600001：第 4 至 4 条记录不在登记的链内。" in _tampered()


def test_records_of_no_report_are_named(three_saves: Cast) -> None:
    planted = SaveRecord(report="2022-999", seq=1, actor="X", at=NOW, request="p", body_hash="", changes=[])
    audit.link(planted, prev="").save()
    assert "报表 2022-999：有保存记录，但没有这份报表。" in _tampered()


def test_a_live_value_changed_behind_the_records_is_named(three_saves: Cast) -> None:
    row = TableAnswers.objects.get(table="1-1")
    row.data["cells"]["land_area"] = "5.00"
    row.save()
    assert list(verify_audit()) == ["报表 2022-130600001 表1-1：现有数据与保存记录推算的结果不一致（land_area）。"]


def test_a_live_table_that_vanished_is_named(three_saves: Cast) -> None:
    TableAnswers.objects.filter(table="3-1").delete()
    assert list(verify_audit()) == ["报表 2022-130600001 表3-1：现有数据与保存记录推算的结果不一致。"]


def test_a_head_set_back_is_named(three_saves: Cast) -> None:
    first = SaveRecord.objects.get(seq=1)
    Report.objects.filter(number=first.report).update(saves=1, head=first.hash)
    assert "报表 2022-130600001：第 2 至 3 条记录不在登记的链内。" in list(verify_audit())


def test_the_trail_of_events_is_verified_too(cast: Cast) -> None:
    for number in range(3):
        audit.record(stream="account:B1", actor="A1", action="issue", object="B1", details={"n": number}, now=NOW)
    assert AuditStream.objects.get(name="account:B1").seq == 3
    assert list(verify_audit()) == []
    audit.disarm(connection)
    AuditRecord.objects.filter(stream="account:B1", seq=2).update(details={"n": 9})
    assert "审计流 account:B1 第 2 条记录：内容与校验值不符，记录被改动过。" in _tampered()
    audit.disarm(connection)
    AuditRecord.objects.filter(stream="account:B1", seq=3).delete()
    assert "审计流 account:B1：末尾缺少第 3 至 3 条记录。" in _tampered()


def test_an_event_is_rolled_back_with_its_operation(cast: Cast) -> None:
    with transaction.atomic():
        audit.record(stream="account:B1", actor="", action="issue", object="B1", details={}, now=NOW)
        transaction.set_rollback(True)
    assert not AuditStream.objects.filter(name="account:B1").exists()
    assert list(verify_audit()) == []
