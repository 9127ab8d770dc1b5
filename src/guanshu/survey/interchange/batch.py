"""All checks over the answers of many organisations: how often each holds, and what was found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.interchange.reading import Organisation
from guanshu.survey.interchange.sheet import ReadProblem


@dataclass
class Tally:
    """How many times one check was true, false and unknown."""

    true: int = 0
    false: int = 0
    unknown: int = 0


@dataclass
class Outcome:
    """What a run over all organisations counted."""

    tallies: dict[str, Tally]
    organisations: int = 0
    findings: int = 0
    problems: list[ReadProblem] = field(default_factory=list)


def run_checks(
    compiled: Compiled, organisations: Iterable[Organisation], last: Mapping[str, Answers], outcome: Outcome
) -> Iterator[tuple[str, Finding]]:
    """Yield (organisation, finding) one by one while counting into `outcome`; lines without a name are only counted."""
    year = compiled.questionnaire.year
    tallies = outcome.tallies
    for organisation in organisations:
        outcome.problems += organisation.problems
        if any(problem.column == "org" for problem in organisation.problems):
            continue
        outcome.organisations += 1
        context = Context(report_year=year, params={}, last=last.get(organisation.org))
        for check, (true, false, unknown) in compiled.coverage(organisation.answers, context).items():
            tally = tallies[check]
            tally.true += true
            tally.false += false
            tally.unknown += unknown
        for finding in compiled.evaluate(organisation.answers, context).findings:
            outcome.findings += 1
            yield organisation.org, finding


def new_outcome(compiled: Compiled) -> Outcome:
    """Return an outcome in which every check counts zero."""
    return Outcome({check.id: Tally() for check in compiled.checks})
