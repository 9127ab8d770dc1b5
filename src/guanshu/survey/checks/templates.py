"""Hand-written messages: text with {name} where a cell's value with its unit goes."""

import re
from dataclasses import dataclass

from guanshu.survey.checks import parser
from guanshu.survey.checks.infer import Inference
from guanshu.survey.checks.names import Names, Scope
from guanshu.survey.checks.place import Located, Mistake
from guanshu.survey.checks.typed import Typed
from guanshu.survey.definition.source import Problem

_PIECE = re.compile(r"\{([^{}]*)\}|([{}])")


@dataclass(frozen=True, slots=True)
class Template:
    """A message in pieces: text, and formulas whose values are put in."""

    pieces: tuple[str | Typed, ...]


def read_template(text: Located, names: Names, scope: Scope, problems: list[Problem]) -> Template:
    """Return the message of a check in one scope; mistakes are added to `problems`. Raises nothing."""
    pieces: list[str | Typed] = []
    end = 0
    for match in _PIECE.finditer(text.text):
        pieces.append(text.text[end : match.start()])
        end = match.end()
        if match[2]:
            problems.append(text.problem(match.start(), "花括号不成对", "占位写成 {指标名称}"))
            continue
        inference = Inference(names, scope)
        try:
            pieces.append(inference.infer(parser.parse(match[1])))
        except Mistake as mistake:
            inference.mistakes.append(mistake)
        start = match.start(1)
        problems.extend(text.problem(start + item.offset, item.message, item.cure) for item in inference.mistakes)
    pieces.append(text.text[end:])
    return Template(tuple(piece for piece in pieces if piece != ""))
