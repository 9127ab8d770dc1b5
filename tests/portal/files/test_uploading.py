"""Files of the form: who may upload what and when; versions; nothing half done."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal.access import own_report
from guanshu.portal.domain import files, vault
from guanshu.portal.domain.files import confirm_upload, remove_upload
from guanshu.portal.domain.reporting import perform
from guanshu.portal.models import AuditRecord, FreeStatus, Report, StoredFile
from guanshu.portal.problems import BadFile, Blocked, NotYours, WrongState
from guanshu.portal.queries.files import (
    current_files,
    current_purposes,
    file_versions,
    key_of,
    missing_files,
    unconfirmed_files,
    verify_files,
)
from guanshu.portal.queries.reports import open_report
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import EDITABLE, State
from guanshu.survey.workflow.submission import BlockerKind
from tests.cast import NOW, Cast
from tests.portal.conftest import save_as
from tests.portal.files.conftest import put, stored
from tests.survey.intake import makers


def test_a_file_lies_under_its_uuid_and_is_called_officially(cast: Cast, place: Path) -> None:
    row = put(cast, name="最终版(3).docx")
    assert row.official_name == "保定市科技馆2022年度工作总结.docx"
    assert row.uploaded_name == "最终版(3).docx"
    assert [path.relative_to(place / "files").as_posix() for path in stored(place)] == [key_of(row.pk)]
    assert stored(place)[0].read_bytes() == makers.word() or row.size == stored(place)[0].stat().st_size
    assert not list((place / "incoming").iterdir())
    archive = put(cast, "free_report", makers.make_zip(makers.full()), name="x.zip")
    assert archive.official_name == "保定市科技馆2022年度免费工作报告.zip"
    assert len(archive.details["members"]) == 4


def test_every_version_is_kept(cast: Cast) -> None:
    first = put(cast, data=makers.word("一"))
    second = put(cast, data=makers.word("二"))
    assert [row.pk for row in file_versions(cast.report(), "annual_summary")] == [second.pk, first.pk]
    assert (first.serial, second.serial) == (1, 2)
    assert current_files(cast.report())["annual_summary"].pk == second.pk
    assert not list(verify_files())


def test_the_same_bytes_again_change_nothing(cast: Cast, place: Path) -> None:
    data = makers.word()
    assert put(cast, data=data).pk == put(cast, data=data, name="anders.docx").pk
    assert len(stored(place)) == 1
    assert AuditRecord.objects.filter(action="upload_file").count() == 1


def test_an_upload_begins_the_report_and_is_in_its_history(cast: Cast) -> None:
    row = put(cast)
    report = cast.report()
    assert report.state == State.FILLING.value
    assert report.state_since is not None
    records = AuditRecord.objects.filter(stream=f"report:{report.number}").order_by("seq")
    assert [record.action for record in records] == ["begin", "upload_file"]
    assert records[1].details["sha256"] == row.sha256


@pytest.mark.parametrize("state", list(State))
def test_files_change_in_editable_states_only(cast: Cast, state: State, place: Path) -> None:
    Report.objects.filter(pk=cast.report().pk).update(state=state.value)
    if state in EDITABLE:
        assert put(cast)
        return
    with pytest.raises(WrongState, match=state.label):
        put(cast)
    assert not stored(place)


def test_nobody_but_the_filler_uploads(cast: Cast, place: Path) -> None:
    for name in ("reviewer", "other_filler", "province", "system", "viewer", "auditor"):
        with pytest.raises(NotYours):
            put(cast, actor=getattr(cast, name))
    assert not stored(place)


def test_only_file_cells_that_are_asked_take_files(cast: Cast) -> None:
    for purpose in ("museum_name", "nothing", "../x"):
        with pytest.raises(NotYours):
            put(cast, purpose)
    with pytest.raises(WrongState, match="不需要上传"):
        put(cast, "free_report", report=cast.report(cast.shijiazhuang), actor=cast.other_filler)


def test_a_refused_file_leaves_nothing(cast: Cast, place: Path) -> None:
    with pytest.raises(BadFile) as caught:
        put(cast, data=makers.pdf())
    assert (caught.value.reason, caught.value.status) == ("pdf", 422)
    assert not stored(place)
    assert not StoredFile.objects.exists()
    assert cast.report().state == State.NOT_STARTED.value


def test_missing_files_follow_the_form(cast: Cast) -> None:
    def missing(report: Report) -> tuple[str, ...]:
        return missing_files(report, open_report(report))

    assert missing(cast.report()) == ("annual_summary", "free_report", "route")
    assert missing(cast.report(cast.shijiazhuang)) == ("annual_summary", "route")
    put(cast)
    assert missing(cast.report()) == ("free_report", "route")
    remove_upload(report=cast.report(), purpose="annual_summary", actor=cast.filler, now=NOW)
    assert missing(cast.report()) == ("annual_summary", "free_report", "route")
    assert len(file_versions(cast.report(), "annual_summary")) == 1


def test_notes_are_confirmed_once(cast: Cast) -> None:
    row = put(cast, "free_report", makers.make_zip(makers.full(7)), name="x.zip")
    assert [file.pk for file in unconfirmed_files(cast.report())] == [row.pk]
    with pytest.raises(NotYours):
        confirm_upload(report=cast.report(), purpose="free_report", actor=cast.reviewer, now=NOW)
    for _ in range(2):
        confirm_upload(report=cast.report(), purpose="free_report", actor=cast.filler, now=NOW)
    assert not unconfirmed_files(cast.report())
    assert AuditRecord.objects.filter(action="confirm_file").count() == 1


def hand_in(cast: Cast) -> None:
    perform(report=cast.report(), actor=cast.filler, action=Action.SUBMIT_IN_HOUSE, now=NOW)


def test_notes_nobody_confirmed_hold_the_report_back(cast: Cast) -> None:
    """请确认 is a question to the filler: the report waits for the answer, in a sentence that names the file."""
    save_as(cast.filler, cast.report(), {"visits": (None, "5"), "leader": (None, "赵示例"), "1-3.na": (None, True)})
    put(cast)
    row = put(cast, "free_report", makers.make_zip(makers.full(7)), name="x.zip")
    with pytest.raises(Blocked) as caught:
        hand_in(cast)
    (blocker,) = caught.value.blockers
    assert (blocker.kind, blocker.addresses) == (BlockerKind.FILE, ("free_report",))
    assert blocker.sentence == f"「{row.official_name}」中有需要确认的内容。请在附件页面核对并确认，或重新上传。"
    assert cast.report().state == State.FILLING.value
    confirm_upload(report=cast.report(), purpose="free_report", actor=cast.filler, now=NOW)
    # What is uploaded next is asked about anew; a file without notes settles it as well.
    put(cast, "free_report", makers.make_zip(makers.full(8)), name="x.zip")
    with pytest.raises(Blocked):
        hand_in(cast)
    put(cast, "free_report", makers.make_zip(makers.full(3)), name="x.zip")
    hand_in(cast)
    assert cast.report().state == State.IN_REVIEW.value


def test_notes_of_a_file_that_is_not_asked_for_any_more_hold_nothing_back(cast: Cast) -> None:
    save_as(cast.filler, cast.report(), {"visits": (None, "5"), "leader": (None, "赵示例"), "1-3.na": (None, True)})
    put(cast)
    put(cast, "free_report", makers.make_zip(makers.full(7)), name="x.zip")
    FreeStatus.objects.filter(museum=cast.baoding).delete()
    # It could be neither confirmed nor replaced.
    with pytest.raises(WrongState, match="不需要上传"):
        confirm_upload(report=cast.report(), purpose="free_report", actor=cast.filler, now=NOW)
    hand_in(cast)
    assert cast.report().state == State.IN_REVIEW.value


def test_a_state_that_changes_during_the_check_is_seen_under_the_lock(
    cast: Cast, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = vault.keep

    def submitted_meanwhile(*args: Any) -> None:
        real(*args)
        Report.objects.filter(pk=cast.report().pk).update(state=State.IN_REVIEW.value)

    monkeypatch.setattr(vault, "keep", submitted_meanwhile)
    with pytest.raises(WrongState):
        put(cast)
    assert not stored(place)
    assert not StoredFile.objects.exists()


def test_a_crash_before_the_row_leaves_an_orphan_that_is_swept(
    cast: Cast, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kill -9 runs no handler: neither the row nor the clean-up."""
    import os
    from datetime import timedelta

    class Killed(BaseException):
        pass

    def killed(*args: Any) -> None:
        raise Killed

    kept = put(cast, data=makers.word("kept"))
    monkeypatch.setattr(files, "_write", killed)
    monkeypatch.setattr(vault, "discard", lambda name: None)
    with pytest.raises(Killed):
        put(cast, data=makers.word("lost"))
    assert StoredFile.objects.count() == 1
    assert len(stored(place)) == 2
    (place / "incoming" / "cut.upload").write_bytes(b"half")
    assert vault.sweep(now=NOW.replace(year=2000)) == []
    for path in [*stored(place), *(place / "incoming").iterdir()]:
        os.utime(path, (0, 0))
    assert len(vault.sweep(now=NOW + timedelta(days=2))) == 2
    assert [path.name for path in stored(place)] == [str(kept.pk)]
    assert not list((place / "incoming").iterdir())


def test_verify_names_missing_and_altered_files(cast: Cast, place: Path) -> None:
    first, second = put(cast, data=makers.word("一")), put(cast, data=makers.word("二"))
    paths = {path.name: path for path in stored(place)}
    paths[str(first.pk)].unlink()
    paths[str(second.pk)].write_bytes(b"altered")
    found = list(verify_files())
    assert len(found) == 2
    assert "缺失" in found[0]
    assert "被改动" in found[1]
    assert "2022-130600001" in found[1]


def test_a_large_upload_is_moved_not_copied(cast: Cast, place: Path) -> None:
    from django.core.files.uploadedfile import TemporaryUploadedFile

    (place / "incoming").mkdir()
    upload = TemporaryUploadedFile("总结.docx", "", 0, None)
    upload.write(makers.word())
    inode = Path(upload.temporary_file_path()).stat().st_ino
    row = files.store_upload(report=cast.report(), purpose="annual_summary", upload=upload, actor=cast.filler, now=NOW)
    upload.close()
    assert stored(place)[0].stat().st_ino == inode
    assert row.size == stored(place)[0].stat().st_size


def test_the_province_keeps_the_proof_of_an_exemption(cast: Cast) -> None:
    upload = SimpleUploadedFile("批复.pdf", makers.pdf())
    given: dict[str, Any] = {"report": cast.report(), "purpose": StoredFile.EXEMPTION, "upload": upload, "now": NOW}
    assert files.store_upload(actor=cast.province, **given).official_name == "保定市科技馆2022年度免报说明.pdf"
    for stranger in (cast.other_province, cast.filler):
        with pytest.raises(NotYours):
            files.store_upload(actor=stranger, **given)


def test_a_museum_s_own_report_comes_with_the_purposes_that_have_a_file(cast: Cast) -> None:
    assert current_purposes(own_report(cast.filler)) == frozenset()
    for purpose in ("annual_summary", "annual_summary", "route"):
        data = makers.word(purpose) if purpose != "route" else makers.pdf()
        put(cast, purpose, data=data, name="路线.pdf" if purpose == "route" else "总结.docx")
    put(cast, data=makers.word("新的"))
    own = own_report(cast.filler, 2022)
    assert current_purposes(own) == frozenset(current_files(cast.report())) == {"annual_summary", "route"}
    remove_upload(report=own, purpose="annual_summary", actor=cast.filler, now=NOW)
    assert current_purposes(own_report(cast.filler)) == current_purposes(cast.report()) == {"route"}
