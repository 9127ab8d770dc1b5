"""The demo's season: which report goes through which story, and when each step happens.

`stories.csv` has the columns `story,day,who,step,about,text`; day: working days after the
report's own beginning. Steps:

    as STORY                    everything that happens in another story comes first
    fill [PER CENT]             type so much of the museum's figures (else as far as its line in season.csv says)
    type ADDRESS, TEXT          type one answer; =CELL: what was drawn for that cell
    explain, TEXT               answer every open finding with the text
    attach                      upload every file that is still missing
    comment ADDRESS, TEXT       draft a question about a cell; reply ADDRESS, TEXT: answer it
    waive KEY, TEXT             let a finding stand
    extend DATE, TEXT           allow more time
    exempt CATEGORY, TEXT       declare 免报, with a file
    scan                        upload the printed report with a seal on it
    <action> [CATEGORY], TEXT   a transition by its name in survey.workflow.actions, with its reason

`season.csv` has `museum,story,start,percent,mistaken`: one line a museum, and lines `*` for all others, in turn.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from guanshu.portal.models import Role
from guanshu.survey.workflow.calendar import Holidays, add_working_days

ANYBODY = "*"
_AS = "as"
_ZONE = ZoneInfo("Asia/Shanghai")
# The first step of a day; what follows on the same day comes so much later.
_MORNING, _PAUSE, _SPREAD = time(9, 0), timedelta(minutes=35), 30 * 60


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a story."""

    day: int
    who: Role
    verb: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What season.csv gives one museum: its story and the day that begins; percent and mistaken for `fill`."""

    story: tuple[Step, ...]
    start: date | None
    percent: int
    mistaken: bool

    @property
    def verbs(self) -> frozenset[str]:
        """Return the names of everything that happens."""
        return frozenset(step.verb for step in self.story)


@dataclass(frozen=True)
class Season:
    """Both files: the part of each museum named in them, and those of all others in turn."""

    named: dict[str, Part]
    others: Sequence[Part]

    @classmethod
    def read(cls, folder: Path) -> "Season":
        """Return what lies in the folder. Raises ValueError for a story that is told nowhere."""
        stories: dict[str, tuple[Step, ...]] = {"": ()}
        for row in _rows(folder / "stories.csv"):
            more = stories[row["about"]] if row["step"] == _AS else (_step(row),)
            stories[row["story"]] = stories.get(row["story"], ()) + more
        parts = [(row["museum"], _part(row, stories)) for row in _rows(folder / "season.csv")]
        named = {museum: part for museum, part in parts if museum != ANYBODY}
        return cls(named, [part for museum, part in parts if museum == ANYBODY])

    def part(self, code: str, index: int) -> Part:
        """Return the part of a museum; index: its place among those of the demo."""
        return self.named.get(code) or self.others[index % len(self.others)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(row for row in file if not row.startswith("#")))


def _step(row: dict[str, str]) -> Step:
    return Step(int(row["day"]), Role(row["who"]), row["step"], row["about"], row["text"])


def _part(row: dict[str, str], stories: dict[str, tuple[Step, ...]]) -> Part:
    if row["story"] not in stories:
        raise ValueError(f"season.csv: no story {row['story']}")
    start = date.fromisoformat(row["start"]) if row["start"] else None
    return Part(stories[row["story"]], start, int(row["percent"] or 0), row["mistaken"] == "yes")


def moments(part: Part, code: str, holidays: Holidays) -> Iterator[tuple[datetime, Step]]:
    """Yield the steps of a museum's part with the moment of each, in order; the same museum always gets the same."""
    if part.start is None:
        return
    chance = random.Random(f"moments {code}")  # noqa: S311 - no secret
    before = datetime.min.replace(tzinfo=_ZONE)
    for step in part.story:
        day = add_working_days(part.start, step.day, holidays)
        late = timedelta(seconds=chance.randrange(_SPREAD))
        morning = datetime.combine(day, _MORNING, tzinfo=_ZONE)
        before = max(morning, before + _PAUSE if before.date() == day else morning) + late
        yield before, step
