"""The lexer of the check language."""

import re
from dataclasses import dataclass
from enum import Enum

from guanshu.survey.checks.place import Mistake

MAX_LENGTH = 2000


class TokenKind(Enum):
    """The kinds of tokens."""

    NUMBER = "number"
    STRING = "string"
    WORD = "word"
    OP = "op"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `text` is canonical (`<=` for ≤, the content of a string without quotes)."""

    kind: TokenKind
    text: str
    offset: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<string>'[^'\n]*'|‘[^’\n]*’|“[^”\n]*”)
      | (?P<wrong>==|<>|&&|\|\||\*\*|:=|=<|=>)
      | (?P<op><=|>=|!=|[=<>+\-*().,\[\]≤≥≠＝＜＞＋－−＊×（），．［］])""",
    re.VERBOSE,
)
_CANONICAL = {
    "≤": "<=", "≥": ">=", "≠": "!=", "＝": "=", "＜": "<", "＞": ">", "＋": "+", "－": "-", "−": "-", "＊": "*",
    "×": "*", "（": "(", "）": ")", "，": ",", "．": ".", "［": "[", "］": "]",
}  # fmt: skip
_CURES = {
    "==": "等于写作 =",
    "<>": "不等于写作 ≠ 或 !=",
    "&&": "并且写作 and",
    "||": "或者写作 or",
    "**": "没有乘方；请写成连乘",
    "=<": "不大于写作 ≤ 或 <=",
    "=>": "不小于写作 ≥ 或 >=；条件写作 if … then …",
    ":=": "等于写作 =",
    "/": "没有除号；两数之比写作 ratio(a, b)，并与一个数比较",
    "÷": "没有除号；两数之比写作 ratio(a, b)，并与一个数比较",
    "%": "百分数直接写数，例如 80",
    "!": "否定写作 not，不等于写作 ≠ 或 !=",
    '"': "文字用单引号或中文引号括起来，例如 '馆内'",
    "'": "文字没有结束；请补上另一个单引号",
    "‘": "文字没有结束；请补上 ’",
    "“": "文字没有结束；请补上 ”",
    "、": "用逗号分隔",
    "；": "用逗号分隔",
    ";": "用逗号分隔",
    "{": "名称不用花括号",
    "&": "并且写作 and",
    "|": "或者写作 or",
}


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a formula, the last one being END.

    This function will accept full-width punctuation. Raises Mistake for text that is no token or is too long.
    """
    if len(text) > MAX_LENGTH:
        raise Mistake(MAX_LENGTH, f"公式超过 {MAX_LENGTH} 个字符", "把它拆成几条")
    tokens = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup == "wrong":
            raise _unreadable(text, position, match.group() if match else text[position])
        if match.lastgroup != "space":
            tokens.append(_token(str(match.lastgroup), match.group(), position))
        position = match.end()
    tokens.append(Token(TokenKind.END, "", len(text)))
    return tokens


def _token(group: str, raw: str, offset: int) -> Token:
    if group == "string":
        return Token(TokenKind.STRING, raw[1:-1], offset)
    return Token(TokenKind(group), _CANONICAL.get(raw, raw), offset)


def _unreadable(text: str, offset: int, piece: str) -> Mistake:
    if piece in _CURES:
        return Mistake(offset, f"公式里不能用“{piece}”", _CURES[piece])
    if piece.isdigit():
        return Mistake(offset, f"“{piece}”不是半角数字", "改用半角数字")
    shown = piece if piece.isprintable() else f"U+{ord(text[offset]):04X}"
    return Mistake(offset, f"公式里有不认识的字符“{shown}”", "删去它，或对照语言说明改写")
