"""`python -m tests.portal.files.dying_uploads KIND`: kill an upload of this kind at each of its steps, look each time.

Prints the steps, one a line. Anything half done is an AssertionError.
"""

import io
import random
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.test import Client  # noqa: E402
from PIL import ImageDraw  # noqa: E402

from guanshu.portal import clock  # noqa: E402
from guanshu.portal.domain import vault  # noqa: E402
from guanshu.portal.domain.jobs import run_waiting, running  # noqa: E402
from guanshu.portal.domain.jobs.running import recover  # noqa: E402
from guanshu.portal.domain.maintenance.database import migrate  # noqa: E402
from guanshu.portal.domain.reporting import perform  # noqa: E402
from guanshu.portal.domain.stamping import pdf_path, version_pdf  # noqa: E402
from guanshu.portal.models import (  # noqa: E402
    AuditRecord,
    Campaign,
    Exemption,
    HeldFile,
    HeldScan,
    HeldState,
    Job,
    JobState,
    Report,
    ReportVersion,
    StampedScan,
    StoredFile,
)
from guanshu.portal.queries.files import key_of, path_of, verify_files  # noqa: E402
from guanshu.portal.queries.verification import verify_audit  # noqa: E402
from guanshu.portal.web.shared import sessions  # noqa: E402
from guanshu.survey.workflow.actions import Action  # noqa: E402
from guanshu.survey.workflow.scanning import ScanPages  # noqa: E402
from guanshu.survey.workflow.states import State  # noqa: E402
from tests.cast import NOW, Cast, make_cast  # noqa: E402
from tests.portal.dying import deaths, tell  # noqa: E402
from tests.portal.files.conftest import browser  # noqa: E402
from tests.portal.files.test_stamping import freeze, pages_of  # noqa: E402
from tests.survey.intake import makers  # noqa: E402

# Every run has to take the same steps, however slow the machine is: no note of a session's activity when a minute has
# passed, and a word about each page of a scan even when they follow quickly.
sessions._TOUCH_AFTER, running._SELDOM = timedelta(days=1), timedelta(0)
VAR = Path(settings.FILE_UPLOAD_TEMP_DIR).parent
JSON = {"Accept": "application/json"}
# A word for an upload in the trail, by purpose.
NOTED = {StoredFile.STAMP: Action.UPLOAD_STAMP.value}


def send(client: Client, address: str, name: str, *, data: bytes, status: int, **fields: str) -> None:
    """Post a form with a file as a browser does, and be sure of the answer."""
    answer = client.post(address, {"file": SimpleUploadedFile(name, data), **fields}, headers=JSON)
    assert answer.status_code == status, answer.content.decode()[:500]


def whole(report: Report) -> int:
    """Look whether every file that a row names is there, in the trail, and current at most once; return how many."""
    assert list(verify_files()) == []
    for purpose in (StoredFile.STAMP, StoredFile.EXEMPTION, "annual_summary"):
        rows = StoredFile.objects.filter(report=report, purpose=purpose)
        assert rows.filter(superseded_at=None).count() <= 1
        assert [row.serial for row in rows.order_by("serial")] == list(range(1, len(rows) + 1))
        noted = AuditRecord.objects.filter(action=NOTED.get(purpose, "upload_file"), details__purpose=purpose)
        assert noted.count() == len(rows)
    scans = StampedScan.objects.filter(version__report=report)
    assert scans.count() == StoredFile.objects.filter(report=report, purpose=StoredFile.STAMP).count()
    for scan in scans.select_related("file"):
        assert (scan.superseded_at is None) == (scan.file.superseded_at is None)
    assert list(verify_audit()) == []
    return StoredFile.objects.filter(report=report).count()


def attachment(cast: Cast) -> None:
    """Kill the upload of a summary; the browser sends the same again and it is there once."""
    client = browser(cast.filler)
    data = [makers.word("0")]

    def work() -> None:
        send(client, "/museum/files/annual_summary/", "总结.docx", data=data[-1], status=200)

    for step in deaths(work, VAR):
        tell(step)
        assert whole(cast.report()) in {len(data) - 1, len(data)}
        work()
        assert whole(cast.report()) == len(data)
        data.append(makers.word(random.randbytes(60_000).hex()))


def finish_checks() -> None:
    """Let the worker that comes after the killed one do what is left; every held scan has its bytes until then."""
    for file in HeldFile.objects.filter(held__state=HeldState.CHECKING.value):
        assert Path(default_storage.path(key_of(file.pk))).is_file()
    Job.objects.filter(state=JobState.RUNNING.value).update(beat_at=clock.now() - timedelta(minutes=2))
    recover(now=clock.now())
    run_waiting()
    assert not HeldScan.objects.exclude(state=HeldState.ACCEPTED.value).exists()


def scan(cast: Cast) -> None:
    """Kill the upload of a stamped scan in pictures and its check, for which a process outside joins them."""
    # Each picture has steps of its own: two tell as much as all.
    Campaign.objects.update(scan_pages=ScanPages.SIGNED.value)
    pages = pages_of(version_pdf(freeze(cast)), dpi=110)[:2]
    client = browser(cast.reviewer)
    uploads: list[bytes] = []

    def next_ones() -> None:
        uploads.clear()
        for page in pages:
            picture, buffer = page.copy(), io.BytesIO()
            ImageDraw.Draw(picture).rectangle((0, 0, 9, 9), fill=tuple(random.randbytes(3)))
            picture.save(buffer, "JPEG", quality=70)
            uploads.append(buffer.getvalue())

    def work() -> None:
        files = [SimpleUploadedFile(f"{n}.jpg", data) for n, data in enumerate(uploads)]
        answer = client.post("/museum/stamp/upload/", {"file": files}, headers=JSON)
        assert answer.status_code == 200, answer.content.decode()[:500]
        run_waiting()

    next_ones()
    before, held = whole(cast.report()), 0
    for step in deaths(work, VAR):
        tell(step)
        assert whole(cast.report()) in {before, before + 1}
        finish_checks()
        there = whole(cast.report())
        # What was held comes to its end, once.
        assert there - before == HeldScan.objects.count() - held
        held = HeldScan.objects.count()
        assert cast.report().state == State.AWAITING_STAMP.value
        before = there
        next_ones()
    assert StampedScan.objects.filter(superseded_at=None).count() == 1


def exemption(cast: Cast) -> None:
    """Kill a declaration of 免报: there is all of it, file, row, state and trail, or nothing."""
    client = browser(cast.province)
    number = cast.report().number

    def work() -> None:
        address = f"/province/review/{number}/act/declare_exempt/"
        # Another file each time: the same one sent again is no new upload.
        data = makers.word(random.randbytes(2_000).hex())
        send(client, address, "证明.docx", data=data, category="合并", reason="", status=303)

    before = whole(cast.report())
    for step in deaths(work, VAR):
        tell(step)
        there = whole(cast.report())
        exempt = cast.report().state == State.EXEMPT.value
        assert there - before == exempt == Exemption.objects.filter(ended_at=None).exists()
        if exempt:
            perform(report=cast.report(), actor=cast.province, action=Action.WITHDRAW_EXEMPT, now=NOW)
        before = there


def pdf(cast: Cast) -> None:
    """Kill the making of a report's PDF: what lies under its name is all of it, whenever that is asked for."""
    version = ReportVersion.objects.get(pk=freeze(cast).pk)
    right = version_pdf(version)
    path = pdf_path(version)
    path.unlink()
    for step in deaths(lambda: version_pdf(version), VAR):
        tell(step)
        assert not path.exists() or path.read_bytes() == right
        assert version_pdf(version) == right
        path.unlink()


def swept() -> None:
    """Let two days pass: what no row names is gone, everything else is where it was."""
    lying = {path for place in ("files", "incoming", "versions") for path in (VAR / place).rglob("*") if path.is_file()}
    named = {Path(path_of(row)) for row in StoredFile.objects.all()}
    halves = {path for path in lying - named if path.parent.name != "versions" or path.suffix == vault.PART}
    assert {path.name for path in halves} == set(vault.sweep(now=clock.now() + timedelta(days=2)))
    assert not any(path.exists() for path in halves)
    assert all(path.exists() for path in lying - halves)


KINDS: dict[str, Callable[[Cast], None]] = {each.__name__: each for each in (attachment, scan, exemption, pdf)}

if __name__ == "__main__":
    migrate()
    KINDS[sys.argv[1]](make_cast("tiny-files"))
    swept()
