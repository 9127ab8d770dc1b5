"""Applications, corrections and 附件1 of the demo: each step is the real operation, by the account it belongs to."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal import clock
from guanshu.portal.domain.demo import papers
from guanshu.portal.domain.demo.members import DemoProblem
from guanshu.portal.domain.demo.playing import Trace
from guanshu.portal.domain.offices.administrators import confirm_card, enter_card
from guanshu.portal.domain.offices.applying import refuse_application, submit_application, withdraw_application
from guanshu.portal.domain.offices.approving import approve_application
from guanshu.portal.domain.offices.correcting import (
    approve_correction,
    ask_correction,
    give_opinion,
    refuse_correction,
)
from guanshu.portal.domain.offices.reading import APPLICATION_FIELDS
from guanshu.portal.models import Account, Application, Campaign, Correction, Museum, Province, Role
from guanshu.portal.problems import InvalidForm, OperationProblem
from guanshu.portal.queries.administrators import FIELDS
from guanshu.survey.workflow.calendar import SHANGHAI
from guanshu.survey.workflow.requests import RequestAction

Line = Mapping[str, str]
_MORNING, _AFTERNOON = time(10, 20), time(15, 10)
_APPLICATIONS: Mapping[str, Callable[..., Application]] = {
    "approve": approve_application,
    "refuse": refuse_application,
}
_CORRECTIONS: Mapping[str, Callable[..., Correction]] = {"approve": approve_correction, "refuse": refuse_correction}
_OPINIONS = {"forward": RequestAction.FORWARD, "return": RequestAction.SEND_BACK}


@dataclass(frozen=True)
class Recipes:
    """The three files, line by line."""

    administrators: Sequence[Line]
    applications: Sequence[Line]
    corrections: Sequence[Line]

    @classmethod
    def read(cls, folder: Path) -> "Recipes":
        """Return what lies in the folder."""
        return cls(*(_lines(folder / f"{name}.csv") for name in ("administrators", "applications", "corrections")))


def _lines(path: Path) -> list[Line]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@dataclass(frozen=True)
class Offices:
    """Who acts in the demo, up to its day; `trace` keeps the files that must go when the demo is not made after all."""

    today: date
    campaign: Campaign
    trace: Trace
    nation: Account
    provinces: Mapping[str, Account]

    def administrator(self, line: Line) -> None:
        """Enter a province's 附件1, and confirm it when its day has come."""
        province = Province.objects.get(code=line["province"])
        actor = self.nation if line["by"] == "national" else self.provinces[province.code]
        for moment in self._at(line["day"], _MORNING):
            typed, year = {name: line[name] for name in FIELDS}, self.campaign
            card = enter_card(province=province, campaign=year, actor=actor, typed=typed, now=moment)
            for later in self._at(line["confirmed"], _AFTERNOON):
                seen = card.filled_at.isoformat() if card.filled_at else ""
                confirm_card(province=province, campaign=year, actor=self.nation, seen=seen, now=later)

    def application(self, line: Line) -> None:
        """Let a province apply for a museum, and what became of it."""
        province = self.provinces[line["province"]]
        if not Museum.objects.filter(province=province.province_id).exists():
            return
        for moment in self._at(line["day"], _MORNING):
            asked = submit_application(
                actor=province,
                campaign=self.campaign,
                typed={name: line[name] for name in APPLICATION_FIELDS},
                distinct=line["distinct"] == "1",
                upload=_evidence("机构编制批复.docx"),
                now=moment,
            )
            self._keep(asked)
            for later in self._at(line["then_day"], _AFTERNOON):
                self._settle(asked, line, province, later)

    def _settle(self, asked: Application, line: Line, province: Account, now: datetime) -> None:
        if line["then"] == "withdraw":
            withdraw_application(application=asked, actor=province, now=now)
        else:
            _APPLICATIONS[line["then"]](application=asked, actor=self.nation, reason=line["reason"], now=now)

    def correction(self, line: Line) -> None:
        """Let a museum ask for a correction, its province give an opinion, and the nation decide."""
        filler = Account.objects.filter(museum__code=line["museum"], role=Role.FILLER.value).first()
        if filler is None or filler.museum is None:
            return
        for moment in self._at(line["day"], _MORNING):
            typed = {"what": line["what"], f"new_{line['what']}": line["new"], "reason": line["reason"]}
            upload = _evidence("更正证明.docx")
            asked = ask_correction(actor=filler, campaign=self.campaign, typed=typed, upload=upload, now=moment)
            self._keep(asked)
            for later in self._at(line["opinion_day"], _MORNING):
                opinion, action = line["opinion_text"], _OPINIONS[line["opinion"]]
                actor = self.provinces[filler.museum.province.code]
                give_opinion(correction=asked, actor=actor, action=action, opinion=opinion, now=later)
            for later in self._at(line["then_day"], _AFTERNOON):
                decide = _CORRECTIONS[line["then"]]
                decide(correction=asked, actor=self.nation, reason=line["then_text"], now=later)

    def _at(self, day: str, at: time) -> Iterator[datetime]:
        """Yield the moment of a step if there is one and its day has come, and live on that day meanwhile."""
        on = date.fromisoformat(day) if day else None
        if on is not None and on <= self.today:
            with clock.living_on(on):
                yield datetime.combine(on, at, tzinfo=SHANGHAI)

    def _keep(self, asked: Application | Correction) -> None:
        self.trace.files.extend(asked.files.values_list("pk", flat=True))


def _evidence(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, papers.statement())


def play_offices(campaign: Campaign, recipes: Recipes, trace: Trace) -> None:
    """Do what administrators, fillers and the nation have done by the demo's day. Raises DemoProblem."""
    provinces = Account.objects.filter(role=Role.PROVINCE.value).select_related("province")
    offices = Offices(
        today=clock.today(),
        campaign=campaign,
        trace=trace,
        nation=Account.objects.filter(role=Role.SYSTEM.value).earliest("pk"),
        provinces={account.province.code: account for account in provinces if account.province is not None},
    )
    parts: tuple[tuple[Callable[[Line], None], Sequence[Line]], ...] = (
        (offices.administrator, recipes.administrators),
        (offices.application, recipes.applications),
        (offices.correction, recipes.corrections),
    )
    for play, lines in parts:
        for line in lines:
            _played(play, line)


def _played(play: Callable[[Line], None], line: Line) -> None:
    try:
        play(line)
    except InvalidForm as problem:
        raise DemoProblem(f"演示数据有误：{dict(line)} {problem.problems}") from problem
    except (OperationProblem, KeyError) as problem:
        raise DemoProblem(f"演示数据有误：{dict(line)} {problem}") from problem
