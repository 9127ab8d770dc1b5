"""/files/<uuid>/view/: each kind of file read in the browser, by those who may download it; nothing is fetched."""

import io
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from django.test import Client
from PIL import Image

from guanshu.portal import clock
from guanshu.portal.models import AuditRecord, StoredFile
from guanshu.survey.outside import office, previews
from tests.cast import Cast
from tests.portal.files.conftest import browser, put
from tests.portal.walls.hostile import REL
from tests.survey.intake import makers

FRAGMENT = {"HX-Request": "true"}
PNG = b"\x89PNG"


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no program be found; Python is started by its whole path."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def with_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let a quick program stand for LibreOffice, whose own start takes seconds; it is started apart just the same."""
    stand_in(tmp_path / "bin", monkeypatch)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a `soffice` first on the PATH that makes the same page of every document."""
    folder.mkdir()
    (folder / "made.pdf").write_bytes(makers.pdf(1))
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {folder}/made.pdf "${{last%.*}}.pdf"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def document() -> bytes:
    made = docx.Document()
    made.add_paragraph("工作<b>总结</b>")
    made.add_table(1, 2).rows[0].cells[1].text = "三百人次"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def shown(client: Client, row: StoredFile, tail: str = "view/") -> str:
    answer = client.get(f"/files/{row.pk}/{tail}", headers=FRAGMENT)
    assert answer.status_code == 200
    return answer.content.decode()


def drawn(client: Client, row: StoredFile, tail: str) -> bytes:
    answer = client.get(f"/files/{row.pk}/{tail}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(PNG)
    return answer.content


@pytest.mark.usefixtures("with_office")
def test_a_word_file_is_shown_as_pages_made_once(cast: Cast, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row, client = put(cast, data=document()), browser(cast.province)
    assert f"/files/{row.pk}/view/1/" in shown(client, row)
    drawn(client, row, "view/1/")
    assert client.get(f"/files/{row.pk}/view/2/").status_code == 404
    assert [path.name for path in (place / "versions" / "previews").iterdir()] == [row.sha256]
    monkeypatch.setattr("guanshu.portal.domain.previews.run_outside", None)
    assert shown(client, row)
    drawn(client, row, "view/1/")


@pytest.mark.usefixtures("without_office")
def test_without_libreoffice_its_text_is_shown(cast: Cast, place: Path) -> None:
    row, client = put(cast, data=document()), browser(cast.filler)
    text = shown(client, row)
    assert "未安装 LibreOffice，只显示文字" in text
    assert "工作&lt;b&gt;总结&lt;/b&gt;" in text
    assert "<td>三百人次</td>" in text
    assert list((place / "versions" / "previews").iterdir()) == []
    old = put(cast, data=makers.old_word(), name="总结.doc")
    assert "请下载后打开" in shown(client, old)


def test_a_pdf_and_a_picture(cast: Cast) -> None:
    client = browser(cast.filler)
    row = put(cast, "plan", makers.pdf(2), name="plan.pdf")
    assert f"/files/{row.pk}/view/2/" in shown(client, row)
    drawn(client, row, "view/2/")
    told = Image.Exif()
    told[0x010E] = "秘密地点"
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 200), "red").save(buffer, "JPEG", exif=told)
    row = put(cast, "plan", buffer.getvalue(), name="plan.jpg")
    assert shown(client, row)
    with Image.open(io.BytesIO(drawn(client, row, "view/1/"))) as picture:
        assert picture.size[0] == 1600
        assert not picture.getexif()
        assert not picture.info


@pytest.mark.usefixtures("with_office")
@pytest.mark.parametrize("kind", ["zip", "7z"])
def test_an_archive_is_a_list_and_its_members_are_shown(cast: Cast, kind: str, tmp_path: Path) -> None:
    inside = {**makers.full(), "总结/报告.docx": document(), "说明.pdf": makers.pdf(1), "x.txt": b"<script>"}
    data = makers.make_zip(inside) if kind == "zip" else makers.make_7z(tmp_path, inside)
    row, client = put(cast, "free_report", data, name=f"材料.{kind}"), browser(cast.free_reviewer)
    text = shown(client, row)
    assert "报告.docx" in text
    assert text.count("/members/") == len(inside) - 1
    with previews.opened_archive(tmp_path / "files" / row.pk.hex[:2] / str(row.pk), "x", "") as (opened, _, _):
        places = {each.name.rpartition("/")[2]: number for number, each in enumerate(opened.members)}
    for name in ("报告.docx", "说明.pdf"):
        tail = f"members/{places[name]}/view/"
        assert f"/files/{row.pk}/{tail}1/" in shown(client, row, tail)
        drawn(client, row, f"{tail}1/")
    assert "不能在网页上查看" in shown(client, row, f"members/{places['x.txt']}/view/")
    assert client.get(f"/files/{row.pk}/members/{places['x.txt']}/view/1/").status_code == 404
    assert client.get(f"/files/{row.pk}/members/999/view/").status_code == 404


def test_strangers_see_nothing_and_a_look_is_recorded_once(cast: Cast) -> None:
    data = makers.make_zip({**makers.full(), "a.pdf": makers.pdf(1)})
    rows = (put(cast, "plan", makers.pdf(1), name="plan.pdf"), put(cast, "free_report", data, name="a.zip"))
    for tail in ("view/", "view/1/", "members/0/view/", "members/0/view/1/"):
        for row in rows:
            for stranger in map(browser, (cast.other_filler, cast.other_province)):
                assert stranger.get(f"/files/{row.pk}/{tail}").status_code == 404
                # Without the record of a look the same.
                assert stranger.head(f"/files/{row.pk}/{tail}").status_code == 404
            assert browser(cast.auditor).get(f"/files/{row.pk}/{tail}").status_code == 403
            assert Client().get(f"/files/{row.pk}/{tail}").status_code == 302
    looks = AuditRecord.objects.filter(action="look_file")
    assert not looks.exists()
    client = browser(cast.province)
    shown(client, rows[0])
    drawn(client, rows[0], "view/1/")
    assert [look.details["sha256"] for look in looks] == [rows[0].sha256]


def test_a_page_of_its_own_has_the_sites_policy_and_the_download(cast: Cast) -> None:
    row = put(cast, "plan", makers.pdf(1), name="plan.pdf")
    answer = browser(cast.filler).get(f"/files/{row.pk}/view/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert f'href="/files/{row.pk}/"' in answer.content.decode()


def test_nothing_that_points_out_of_a_word_file_reaches_libreoffice(tmp_path: Path) -> None:
    field = b'<w:instrText xml:space="preserve">INCLUDE</w:instrText><w:fldSimple w:instr=" INCLUDETEXT x "/>'
    data = makers.with_parts(document(), {"word/_rels/a.xml.rels": REL % (b"image", b"file:///etc/passwd")})
    data = makers.with_parts(data, {"word/footer9.xml": b"<w:ftr>" + field + b"</w:ftr>"})
    path, bare = tmp_path / "a.docx", tmp_path / "b.docx"
    path.write_bytes(data)
    office._bare_docx(path, bare)
    with office.open_zip(bare) as pack:
        everything = b"".join(pack.read(name) for name in pack.namelist())
    assert b"External" not in everything
    assert b"INCLUDE" not in everything
    for text in ("INCLUDEPICTURE", "includetext"):
        for coding in ("ascii", "utf-16-le"):
            path.write_bytes(b"\xd0\xcf" + text.encode(coding))
            with pytest.raises(office._Odd):
                office._bare_doc(path, bare)


def test_libreoffice_has_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is started for a document reaches nobody, even one who listens on this very machine."""
    stand_in(tmp_path / "bin", monkeypatch)
    program = tmp_path / "bin" / "soffice"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        asks = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 5)"
        program.write_text(f'{program.read_text()}{sys.executable} -c "{asks}"\nexit 0\n')
        (tmp_path / "a.docx").write_bytes(document())
        assert office.to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf", old=False) is office.Made.DONE
        with pytest.raises(TimeoutError):
            server.accept()
        # Started like any program it would have.
        (tmp_path / "b.docx").write_bytes(b"")
        subprocess.run([program, tmp_path / "b.docx"], check=True)
        server.accept()[0].close()


def test_a_conversion_that_takes_too_long_gives_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_PATIENCE", 0.2)
    (tmp_path / "a.docx").write_bytes(document())
    said = previews.look(tmp_path / "a.docx", "a.docx", tmp_path)
    assert (said["kind"], said["note"]) == ("text", "LibreOffice 没有转换成功，只显示文字")
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


@pytest.mark.usefixtures("with_office")
def test_a_conversion_that_failed_is_tried_again_later(
    cast: Cast, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, client = put(cast, data=document()), browser(cast.province)
    made = tmp_path / "bin" / "made.pdf"
    made.rename(tmp_path / "away.pdf")
    assert "LibreOffice 没有转换成功，只显示文字" in shown(client, row)
    (tmp_path / "away.pdf").rename(made)
    assert "三百人次" in shown(client, row)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=11))
    for _ in range(2):
        assert f"/files/{row.pk}/view/1/" in shown(client, row)
        drawn(client, row, "view/1/")
        made.unlink(missing_ok=True)
    assert [path.name for path in (place / "versions" / "previews").iterdir()] == [row.sha256]


def test_a_workbook_shows_its_first_rows(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("经费")
        sheet.write_row(0, 0, ["项目", 12.5])
        sheet.write(300, 0, "最后")
    said = previews.look(tmp_path / "a.xlsx", "a.xlsx", tmp_path)
    assert said["sheets"][0]["rows"][0] == ["项目", "12.5"]
    assert len(said["sheets"][0]["rows"]) == 100
