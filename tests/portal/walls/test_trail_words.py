"""Every action that the code records has its Chinese sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guanshu.portal.models import AuditRecord, RegisterField
from guanshu.portal.queries.standing import Operation
from guanshu.portal.queries.trailwords import SENTENCES, sentence_of
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.requests import RequestAction

SOURCES = Path(__file__).parents[3] / "src" / "guanshu" / "portal"
# What appends to the trail, however a module calls its own short way to it.
RECORDING = re.compile(r"_?(record|note|entry|Entry|log|trail)(_\w+)?")
WORD = re.compile(r"[a-z]+(_[a-z]+)*")
# Where the words come from enums.
ENUMS = {each.value for kind in (Action, Operation, FilingAction, RequestAction) for each in kind}
# Put together where they are recorded, or handed on from elsewhere.
ELSEWHERE = {
    **{f"change_{each.value}": "register.py" for each in RegisterField},
    **dict.fromkeys(("close_museum", "reopen_museum"), "register.py"),
    **dict.fromkeys(("sms_budget_low", "sms_budget_spent"), "ledger.py"),
    "password_changed": "passwords.py",
    **dict.fromkeys(("factor_removed", "factor_reset"), "factors.py"),
}
# Arguments of recording calls that are words, but no actions.
NO_ACTIONS = {"footer"}


def actions_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "action":
            yield from words(node.value)
        if isinstance(node, ast.Call) and RECORDING.fullmatch(name_of(node.func)):
            for argument in node.args:
                yield from words(argument)


def words(value: ast.AST) -> Iterator[str]:
    """Return the words an argument may be; those inside dicts and calls are no actions."""
    if isinstance(value, ast.IfExp):
        yield from words(value.body)
        yield from words(value.orelse)
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and WORD.fullmatch(value.value):
        yield value.value


def name_of(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def used() -> dict[str, str]:
    found = dict.fromkeys(sorted(ENUMS), "an enum")
    for path in sorted(SOURCES.rglob("*.py")):
        if "migrations" not in path.parts:
            found.update((word, path.name) for word in actions_in(ast.parse(path.read_text())))
    found["demo_created"] = "database.py"  # DEMO_EVENT
    found.update(ELSEWHERE)
    return {word: place for word, place in found.items() if word not in NO_ACTIONS}


@pytest.mark.parametrize(("action", "place"), used().items())
def test_it_has_a_sentence(action: str, place: str) -> None:
    assert action in SENTENCES, f"{action}, recorded in {place}, needs a line in queries/trailwords.py"
    text = sentence_of(AuditRecord(action=action, object="2022-130600001", details={}))
    assert re.search(r"[一-鿿]", text)
    assert not set(text) & set("{}")


def test_every_sentence_is_of_an_action_that_is_used() -> None:
    assert set(SENTENCES) - set(used()) == set()
