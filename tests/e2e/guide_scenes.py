"""The states of one museum's report that the guide's pictures show, each made from the one before."""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal import clock
from guanshu.portal.domain.files import store_upload
from guanshu.portal.domain.reporting import perform
from guanshu.portal.domain.saving import Change, save_answers
from guanshu.portal.models import TableAnswers
from guanshu.portal.queries.reports import open_report
from guanshu.survey.workflow.actions import Action
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.filling import fill_by_saving, read
from tests.e2e.test_season import upload_scan
from tests.survey.intake import makers

# What the filler has left out or mistyped while the report is being filled in.
SLIPS = {line["cell"]: line["filling"] for line in read("guide_cells.csv")}

TRUE = {line["cell"]: line["value"] for line in read("free_museum.csv")}

EXPLAINED = "已与上年决算和清查盘点结果核对，数据无误。"


class Scenes:
    """One report on its way."""

    def __init__(self, cast: Cast, enter: Open, folder: Path) -> None:
        self._cast, self._enter, self._folder = cast, enter, folder
        self._ahead: dict[str, Callable[[], None]] = {
            "empty": lambda: None,
            "filling": self._filling,
            "ready": self._ready,
            "in_house": lambda: self._do(Action.SUBMIT_IN_HOUSE),
            "stamping": lambda: self._do(Action.PASS_IN_HOUSE),
            "stamped": self._stamped,
        }
        self._here = ""

    def reach(self, scene: str) -> None:
        """Bring the report to a scene. Raises KeyError when there is none of this name ahead."""
        if scene != self._here and scene not in self._ahead:
            raise KeyError(scene)
        while self._here != scene:
            self._here = next(iter(self._ahead))
            self._ahead.pop(self._here)()

    def _filling(self) -> None:
        """Fill in everything, a little more than in the year before; then slip."""
        self._cast.baoding.name = TRUE["museum_name"]
        self._cast.baoding.save()
        fill_by_saving(self._cast.report(), self._cast.filler, clock.now())
        before = self._cast.report(year=2021)
        for answers in TableAnswers.objects.filter(report=self._cast.report()):
            # What is encrypted can be read in its own report only.
            if '"enc"' not in json.dumps(answers.data):
                # Beside the slips everything is as it was, so that they stand out.
                slips = SLIPS.keys() & answers.data.get("cells", {}).keys()
                data = answers.data if slips else _a_little_less(answers.data)
                TableAnswers.objects.create(report=before, table=answers.table, data=data)
        found = open_report(self._cast.report()).evaluation.findings
        self._type({each.key: ("", EXPLAINED) for each in found if each.open})
        self._type({name: (TRUE[name], slip) for name, slip in SLIPS.items()})

    def _ready(self) -> None:
        self._type({name: (slip, TRUE[name]) for name, slip in SLIPS.items()})
        for purpose, name, data in (
            ("annual_summary", "总结.docx", makers.word()),
            ("free_report", "材料.zip", makers.make_zip(makers.full())),
        ):
            upload = SimpleUploadedFile(name, data)
            report = self._cast.report()
            store_upload(report=report, purpose=purpose, upload=upload, actor=self._cast.filler, now=clock.now())

    def _stamped(self) -> None:
        upload_scan(self._enter(self._cast.reviewer), self._folder, "scan", pictures=False)

    def _type(self, new: Mapping[str, tuple[str, str]]) -> None:
        """Save cells, each given as (what stood there, what stands there now)."""
        result = save_answers(
            report=self._cast.report(),
            actor=self._cast.filler,
            request_id=uuid.uuid4().hex,
            body=repr(sorted(new)).encode(),
            changes={name: Change(*texts) for name, texts in new.items()},
            now=clock.now(),
        )
        assert not result.problems, dict(result.problems)
        assert not result.conflicts, dict(result.conflicts)

    def _do(self, action: Action) -> None:
        actor = self._cast.filler if action is Action.SUBMIT_IN_HOUSE else self._cast.reviewer
        perform(report=self._cast.report(), actor=actor, action=action, now=clock.now())


def _a_little_less(data: Any) -> Any:
    """Return answers whose amounts are those of a somewhat leaner year."""
    if isinstance(data, dict):
        return {name: _a_little_less(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_a_little_less(each) for each in data]
    amount = isinstance(data, str) and re.fullmatch(r"\d+\.\d\d", data)
    return str((Decimal(data) * Decimal("0.96")).quantize(Decimal("0.01"))) if amount else data
