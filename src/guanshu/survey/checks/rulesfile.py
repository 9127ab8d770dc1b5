"""The format of checks/TABLE.rules: from text to entries with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.checks.place import Located
from guanshu.survey.checks.suggest import did_you_mean
from guanshu.survey.definition.source import Problem

SCOPES = ("每行", "每列", "每项")
_HEAD = re.compile(r"(?P<id>[^\s:：]+)(?:\s+(?P<cls>[^\s:：\[［]+))?(?P<scope>[^:：]*?)\s*(?P<colon>[:：])")
_SCOPE = re.compile(r"\s*(?P<word>[^\s\[［]+)?\s*(?:[\[［](?P<names>.*)[\]］])?\s*")
_ID = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][\w.\u4e00-\u9fff-]*")
_ITEM = re.compile(r"[^\s,，、\[\]]+(?:\s*\[[^\]]*\])?")
_CLASSES = {cls.value: cls for cls in CheckClass}


@dataclass(frozen=True, slots=True)
class Rule:
    """One check as written. `names` are the rows, columns or cells in square brackets, each with its offset.

    `expression` and `message` know their places; `head` is the first line (names stand in it). `file_line` is its line.
    """

    id: str
    cls: CheckClass
    scope: str
    names: tuple[tuple[str, int], ...]
    head: Located
    expression: Located
    message: Located | None


@dataclass
class _Draft:
    """A check while its lines are read."""

    line: int
    head: str
    match: re.Match[str]
    expression: list[tuple[str, int, int]] = field(default_factory=list)
    message: list[tuple[str, int, int]] = field(default_factory=list)


def read_rules(text: str, file: str) -> tuple[list[Rule], list[Problem]]:
    """Return the checks of a file and its problems. This function will pass over broken entries. Raises nothing."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for draft in _drafts(text.removeprefix("\ufeff"), file, problems):
        rule = _rule(draft, file, problems)
        if rule is not None:
            rules.append(rule)
    return rules, problems


def _drafts(text: str, file: str, problems: list[Problem]) -> Iterator[_Draft]:
    draft: _Draft | None = None
    broken = False
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip()  # noqa: PLW2901
        if not line or line.startswith("#"):
            continue
        body = line.lstrip()
        column = len(line) - len(body) + 1
        if column == 1:
            if draft is not None:
                yield draft
            draft = _start(line, number, file, problems)
            broken = draft is None
        elif draft is not None:
            _continue(draft, body, number, column)
        elif not broken:
            problems.append(Problem(file, number, 1, "缩进的行之前没有审核", "先写一行：编号 类别: 表达式"))
    if draft is not None:
        yield draft


def _start(line: str, number: int, file: str, problems: list[Problem]) -> _Draft | None:
    match = _HEAD.match(line)
    if match is None:
        problems.append(Problem(file, number, 1, "看不懂这一行", "写成：编号 类别 [范围]: 表达式；说明文字要缩进"))
        return None
    draft = _Draft(number, line, match)
    rest = line[match.end() :]
    stripped = rest.lstrip()
    if stripped:
        draft.expression.append((stripped, number, match.end() + len(rest) - len(stripped) + 1))
    return draft


def _continue(draft: _Draft, body: str, number: int, column: int) -> None:
    if body[0] in ":：":
        rest = body[1:].lstrip()
        if rest:
            draft.expression.append((rest, number, column + len(body) - len(rest)))
    else:
        draft.message.append((body, number, column))


def _rule(draft: _Draft, file: str, problems: list[Problem]) -> Rule | None:
    match = draft.match

    def problem(group: str, message: str, cure: str) -> None:
        start = max(match.start(group), 0)
        start += len(match[group] or "") - len((match[group] or "").lstrip())
        problems.append(Problem(file, draft.line, start + 1, message, cure))

    before = len(problems)
    if not _ID.fullmatch(match["id"]):
        problem("id", f"编号“{match['id']}”不合规", "编号用字母、数字、汉字、点和连字符")
    cls = _CLASSES.get(match["cls"] or "")
    if cls is None:
        cure = did_you_mean(match["cls"] or "", _CLASSES, otherwise=f"类别是：{'、'.join(_CLASSES)}")
        problem("cls", f"没有类别“{match['cls'] or ''}”", cure)
    scope = _SCOPE.fullmatch(match["scope"])
    word = (scope["word"] or "") if scope else match["scope"].strip()
    if word not in {"", *SCOPES} or scope is None or (scope["names"] is not None and not word):
        problem("scope", f"看不懂范围“{match['scope'].strip()}”", "范围是 每行、每列 或 每项，后面可加 [名称, 名称]")
    if not draft.expression:
        problem("colon", "冒号后面没有表达式", "写上应当成立的判断")
    if len(problems) > before or cls is None or scope is None:
        return None
    names = _names(scope, match.start("scope"))
    if scope["names"] is not None and not names:
        problem("scope", "方括号里没有名称", "写上名称，或去掉方括号")
        return None
    head = Located(draft.head, file, ((0, draft.line, 1),))
    message = _join(draft.message, file, "") if draft.message else None
    return Rule(match["id"], cls, word, names, head, _join(draft.expression, file, "\n"), message)


def _names(scope: re.Match[str], start: int) -> tuple[tuple[str, int], ...]:
    if scope["names"] is None:
        return ()
    offset = start + scope.start("names")
    return tuple((item.group(), offset + item.start()) for item in _ITEM.finditer(scope["names"]))


def _join(pieces: list[tuple[str, int, int]], file: str, glue: str) -> Located:
    anchors = []
    length = 0
    for text, line, column in pieces:
        anchors.append((length, line, column))
        length += len(text) + len(glue)
    return Located(glue.join(text for text, _, _ in pieces), file, tuple(anchors))
