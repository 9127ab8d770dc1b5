"""The package of a province with 60 museums against bare zipfile writing the same members.

Baseline: the members of the package that came out, written by zipfile from memory with the same compression. Ours reads
the province's documents from the disk, makes the workbook from 60 frozen reports of the 2022 form, hashes everything,
and works out twice what the package is made of. Documents: five Word files, five scans of 4 MB.

    python bench/package.py [MUSEUMS] [ROUNDS]
"""

import io
import os
import statistics
import sys
import tempfile
import uuid
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from guanshu.commands.setup import start_django
from guanshu.survey.documents.export_workbook import ExportContent
from guanshu.survey.loading import load, read_folder

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

TARGET = 10.0
AT = datetime(2023, 2, 20, 2, tzinfo=UTC)
SCAN = 4 * 1024 * 1024


def prepare(museums: int) -> Any:
    """Fill a database: museums approved and free, lists without rows, documents and confirmations there."""
    import export

    from guanshu.portal.access import filings
    from guanshu.portal.domain.campaigns import create_filings
    from guanshu.portal.domain.filing.confirming import confirm_export, confirm_scan_matches
    from guanshu.portal.domain.filing.saving import Change, save_filing
    from guanshu.portal.domain.questionnaires import publish_questionnaire
    from guanshu.portal.models import Account, Campaign, FreeStatus, Museum, Role
    from guanshu.portal.queries.filingbasis import export_basis, scan_basis
    from guanshu.portal.queries.filingcheck import asked_items
    from guanshu.portal.queries.filings import open_filing

    compiled = load(read_folder(ROOT / "questionnaires/museum-2022"))
    found = export.reports(compiled, museums)
    export.fill(ExportContent(compiled.questionnaire, 2022, False, AT, found))
    FreeStatus.objects.bulk_create(FreeStatus(museum=museum, year=2022) for museum in Museum.objects.all())
    campaign = Campaign.objects.get()
    campaign.province_form = publish_questionnaire(files=read_folder(ROOT / "questionnaires/province-2022"), now=AT)
    campaign.save()
    create_filings(campaign=campaign)
    filing = filings().get()
    actor = Account.objects.create(username="A130000001", role=Role.PROVINCE.value, province=filing.province)
    opened = open_filing(filing)
    tables = [table for table in opened.compiled.questionnaire.tables if table.limit]
    changes = {"has_free": Change(None, True), **{f"{table.name}.none": Change(None, True) for table in tables}}
    given = {"filing": filing, "actor": actor, "now": AT}
    save_filing(request_id=uuid.uuid4().hex, body=b"", changes=changes, **given)
    opened = open_filing(filings().get())
    for item in asked_items(opened):
        keep(filing, item.word, f"{item.title}.docx", os.urandom(60_000), actor)
        keep(filing, item.scan, f"{item.title}.pdf", os.urandom(SCAN), actor)
        confirm_scan_matches(item=item.key, basis=scan_basis(opened, item).digest, **given)
    confirm_export(free=True, basis=export_basis(filing, free=True).digest, **given)
    return filing, actor


def keep(filing: Any, purpose: str, name: str, data: bytes, actor: Any) -> None:
    """Keep bytes as a file of the filing; what is in them is no matter here."""
    from guanshu.portal.domain import vault
    from guanshu.portal.domain.keeping import keep_row, new_row, take_place
    from guanshu.survey.intake.verdict import Accepted

    path = vault.incoming() / uuid.uuid4().hex
    path.write_bytes(data)
    seen = Accepted("application/pdf", ".pdf")
    row = new_row(filing, purpose, path, official=name, uploaded=name, seen=seen, actor=actor, now=AT)

    def write(new: Any) -> Any:
        take_place(new, AT)
        return new

    keep_row(path, row, write)


def bare(members: dict[str, bytes]) -> float:
    """Return how long zipfile takes for the same members."""
    start = process_time()
    with zipfile.ZipFile(io.BytesIO(), "w") as pack:
        for name, data in members.items():
            stored = name.endswith((".pdf", ".docx", ".xlsx"))
            pack.writestr(name, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return process_time() - start


def main(museums: int, rounds: int) -> int:
    """Print the figures; return 0 when the target is met."""
    with tempfile.TemporaryDirectory(prefix="guanshu-bench-") as place:
        database = f"sqlite:///{place}/bench.sqlite3"
        os.environ |= {"GUANSHU_DEMO": "1", "GUANSHU_VAR": place, "GUANSHU_DATABASE_URL": database}
        os.environ["GUANSHU_TODAY"] = "2023-02-20"
        start_django()
        from guanshu.portal.domain.filing.packing import build_package
        from guanshu.portal.models import Package
        from guanshu.portal.queries.files import path_of

        filing, actor = prepare(museums)
        times: list[tuple[float, float, float]] = []
        for _ in range(rounds):
            # One that was handed in is not handed out again.
            Package.objects.update(submitted_at=AT)
            wall, used = perf_counter(), process_time()
            package = build_package(filing=filing, actor=actor, now=AT)
            wall, used = perf_counter() - wall, process_time() - used
            with zipfile.ZipFile(path_of(package.file)) as pack:
                members = {name: pack.read(name) for name in pack.namelist()}
            times.append((wall, used, bare(members)))
    wall, used, plain = (statistics.median(each) for each in zip(*times, strict=True))
    print(f"{museums} museums, {len(members)} files, {sum(map(len, members.values())) / 1e6:.1f} MB")
    print(f"package: {wall:.2f} s wall, {used:.2f} s processor; zipfile alone {plain:.2f} s; target {TARGET:.0f} s")
    return int(wall > TARGET)


if __name__ == "__main__":
    sys.exit(main(int((sys.argv[1:] or ["60"])[0]), int((sys.argv[2:] or ["3"])[0])))
