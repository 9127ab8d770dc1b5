"""Personal cells: encrypted wherever they rest, readable only in their own place with the right key."""

import base64
import copy
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection

from guanshu.portal import crypto
from guanshu.portal.models import SaveRecord, TableAnswers
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.stored import memory
from guanshu.portal.queries.verification import verify_audit
from tests.cast import Cast
from tests.portal.conftest import Save

MOBILE, NAME, HOST = "13812345678", "欧阳修竹", "司马相如"


def _save_people(save: Save) -> None:
    save(
        {
            "mobile": ("", MOBILE),
            "leader": ("", NAME),
            "shows.rows": ([], ["k1"]),
            "shows[k1].host": ("", HOST),
            "land_area": ("", "100"),
        }
    )


def _dump() -> str:
    """Return every row of every table as text."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")
            parts.extend(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor.fetchall())
    return "\n".join(parts)


def test_no_personal_value_is_readable_in_the_database(cast: Cast, save: Save) -> None:
    _save_people(save)
    save({"mobile": (MOBILE, "13987654321")})
    dump = _dump()
    assert "100.00" in dump
    for secret in (MOBILE, "13987654321", NAME, HOST, NAME.encode("unicode_escape").decode()):
        assert secret not in dump


@pytest.mark.django_db(transaction=True)
def test_no_personal_value_is_readable_in_the_database_file(cast: Cast, save: Save) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's file")
    _save_people(save)
    path = Path(connection.settings_dict["NAME"])
    with sqlite3.connect(path) as copied:
        copied.execute("PRAGMA wal_checkpoint")
    data = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    assert b"100.00" in data
    for secret in (MOBILE, NAME, HOST):
        assert secret.encode() not in data


def test_personal_values_are_read_back(cast: Cast, save: Save) -> None:
    _save_people(save)
    memory.clear()
    answers = open_report(cast.report()).answers
    assert (answers.cells["mobile"], answers.cells["leader"]) == (MOBILE, NAME)
    assert answers.rows["shows"][0].cells["host"] == HOST
    assert save({"mobile": (MOBILE, "13987654321")}).saved == {"mobile": "13987654321"}
    assert list(verify_audit()) == []


def test_the_same_value_is_encrypted_differently_each_time(cast: Cast, save: Save) -> None:
    save({"mobile": ("", MOBILE)})
    save({"mobile": ("", MOBILE)}, actor=cast.other_filler, report=cast.report(cast.shijiazhuang))
    first, second = TableAnswers.objects.all()
    assert first.data["cells"]["mobile"]["enc"] != second.data["cells"]["mobile"]["enc"]


def test_na_in_a_personal_cell_needs_no_secret(save: Save) -> None:
    save({"leader": ("", {"na": True})})
    assert SaveRecord.objects.get().changes == [["leader", None, {"na": True}]]


def test_a_ciphertext_cannot_be_moved_to_another_cell_or_report(cast: Cast, save: Save) -> None:
    _save_people(save)
    row = TableAnswers.objects.get(report=cast.report(), table="1-1")
    moved = copy.deepcopy(row.data)
    moved["cells"]["leader"] = moved["cells"]["mobile"]
    TableAnswers.objects.filter(pk=row.pk).update(data=moved)
    memory.clear()
    with pytest.raises(crypto.Undecipherable):
        open_report(cast.report())
    assert any("无法读出" in line for line in verify_audit())
    stolen: Any = row.data["cells"]["mobile"]
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(stolen, report="2022-130100001", address="mobile")


def test_old_keys_still_read_and_new_values_use_the_new_key(cast: Cast, save: Save, settings: Any) -> None:
    save({"mobile": ("", MOBILE)})
    new = base64.urlsafe_b64encode(b"0123456789abcdef0123456789abcdef").decode()
    settings.GUANSHU_DATA_KEYS = (new, *configured.GUANSHU_DATA_KEYS)
    memory.clear()
    result = save({"leader": ("", NAME)})
    assert result.opened.answers.cells["mobile"] == MOBILE
    cells = TableAnswers.objects.get(report=cast.report()).data["cells"]
    assert cells["mobile"]["enc"].partition(":")[0] != cells["leader"]["enc"].partition(":")[0]
    settings.GUANSHU_DATA_KEYS = (new,)
    memory.clear()
    with pytest.raises(crypto.Undecipherable):
        open_report(cast.report())


def test_marks_differ_by_purpose_and_say_nothing(settings: Any) -> None:
    assert crypto.lookup(MOBILE) == crypto.lookup(MOBILE)
    assert crypto.lookup(MOBILE) != crypto.body_hash(MOBILE.encode())
    assert MOBILE not in crypto.lookup(MOBILE)
