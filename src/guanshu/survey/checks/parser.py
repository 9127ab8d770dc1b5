"""A hand-written Pratt parser for the check language.

Not Python's `ast`: float literals lose digits, `≤` and `if … then` are errors there, and its messages are English.
"""

from decimal import Decimal

from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.tokens import Token, TokenKind, tokenize
from guanshu.survey.checks.tree import (
    Add,
    Call,
    Compare,
    If,
    Logic,
    Multiply,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    YesNo,
    depth,
    walk,
)

MAX_DEPTH = 40
MAX_NODES = 200
# A tree of 40 levels needs at most two nested calls a level (an operand, and the brackets around it).
_MAX_NESTING = 2 * MAX_DEPTH + 20
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_POWERS = {"or": 1, "and": 2, **dict.fromkeys(_COMPARISONS, 4), "+": 5, "-": 5, "*": 6}
_NOT, _COMPARE, _MINUS = 3, 4, 7
RESERVED = frozenset({"and", "or", "not", "if", "then", "yes", "no"})


def parse(text: str) -> Node:
    """Return the tree of a formula.

    This function will raise Mistake (and nothing else) for any text that is no formula or exceeds the limits.
    """
    return _Parser(tokenize(text)).formula()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0
        self._nesting = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def formula(self) -> Node:
        if self._token.kind is TokenKind.END:
            raise Mistake(0, "公式是空的", "写上公式")
        node = self._expression()
        if self._index < len(self._tokens) - 1:
            raise self._unexpected()
        if depth(node) > MAX_DEPTH:
            raise Mistake(0, f"公式嵌套超过 {MAX_DEPTH} 层", "把它拆成几条")
        if sum(1 for _ in walk(node)) > MAX_NODES:
            raise Mistake(0, f"公式超过 {MAX_NODES} 个成分", "把它拆成几条，或用 total(表[*, 栏])")
        return node

    def _expression(self) -> Node:
        if not self._is("if"):
            return self._chain(1)
        offset = self._take().offset
        self._enter(offset)
        condition = self._chain(1)
        if not self._is("then"):
            raise Mistake(self._token.offset, "if 之后缺少 then", "写成 if 条件 then 要求")
        self._take()
        result = self._expression()
        self._nesting -= 1
        return If(condition, result, offset)

    def _enter(self, offset: int) -> None:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise Mistake(offset, f"公式嵌套超过 {MAX_DEPTH} 层", "把它拆成几条，去掉多余的括号")

    def _chain(self, least: int) -> Node:
        """Parse operators that bind at least as tightly as `least`."""
        self._enter(self._token.offset)
        left = self._prefix(least)
        while self._infix_power() >= least:
            left = self._infix(left)
        self._nesting -= 1
        return left

    def _infix_power(self) -> int:
        token = self._token
        is_operator = token.kind is TokenKind.OP or token.kind is TokenKind.WORD
        return _POWERS.get(token.text, 0) if is_operator else 0

    def _infix(self, left: Node) -> Node:
        token = self._token
        if token.text in _COMPARISONS:
            return self._comparison(left)
        power = _POWERS[token.text]
        operands: list[tuple[int, Node]] = [(1, left)]
        while self._infix_power() == power:
            sign = -1 if self._take().text == "-" else 1
            operands.append((sign, self._chain(power + 1)))
        if power == _POWERS["+"]:
            return Add(tuple(operands), token.offset)
        nodes = tuple(node for _, node in operands)
        return Multiply(nodes, token.offset) if token.text == "*" else Logic(token.text, nodes, token.offset)

    def _comparison(self, left: Node) -> Node:
        operator = self._take()
        right = self._chain(_COMPARE + 1)
        if self._infix_power() == _COMPARE:
            raise Mistake(
                self._token.offset,
                "比较不能连写",
                "写成 a < b and b < c；两个判断相等写成 (a = 0) = (b = 0)",
            )
        return Compare(operator.text, left, right, operator.offset)

    def _prefix(self, least: int) -> Node:
        token = self._token
        if self._is("-"):
            self._take()
            return Negative(self._chain(_MINUS), token.offset)
        if self._is("not"):
            if least > _NOT:
                raise Mistake(token.offset, "not 不能放在这里", "用括号括起来：(not …)")
            self._take()
            return Not(self._chain(_NOT), token.offset)
        if self._is("if"):
            raise Mistake(token.offset, "if 不能放在这里", "用括号括起来：(if … then …)")
        return self._primary()

    def _primary(self) -> Node:
        token = self._token
        match token.kind:
            case TokenKind.NUMBER:
                self._take()
                return Number(Decimal(token.text), token.offset)
            case TokenKind.STRING:
                self._take()
                return Text(token.text, token.offset)
            case TokenKind.WORD if token.text in {"yes", "no"}:
                self._take()
                return YesNo(token.text == "yes", token.offset)
            case TokenKind.WORD if token.text not in RESERVED:
                self._take()
                return self._call(token) if self._is("(") else self._name(token)
            case TokenKind.OP if token.text == "(":
                self._take()
                node = self._expression()
                self._expect(")", "少一个右括号", "补上 )")
                return node
            case _:
                raise self._unexpected()

    def _call(self, word: Token) -> Node:
        self._take()
        args = []
        if not self._is(")"):
            args.append(self._expression())
            while self._is(","):
                self._take()
                args.append(self._expression())
        self._expect(")", f"函数 {word.text} 少一个右括号", "补上 )，参数之间用逗号分隔")
        return Call(word.text, tuple(args), word.offset)

    def _name(self, word: Token) -> Node:
        path = [word.text]
        while self._is("."):
            self._take()
            path.append(self._word("点号之后缺少名称"))
        if not self._is("["):
            return Name(tuple(path), None, word.offset)
        self._take()
        row = self._selector()
        self._expect(",", "方括号里应有行名和栏名", "写成 表名[行名, 栏名]")
        column = self._selector()
        self._expect("]", "少一个右方括号", "补上 ]")
        return Name(tuple(path), (row, column), word.offset)

    def _selector(self) -> str:
        if self._is("*"):
            return self._take().text
        return self._word("方括号里缺少行名或栏名")

    def _word(self, message: str) -> str:
        if self._token.kind is not TokenKind.WORD:
            raise Mistake(self._token.offset, message, "写上名称")
        return self._take().text

    def _is(self, text: str) -> bool:
        return self._token.text == text and self._token.kind in {TokenKind.OP, TokenKind.WORD}

    def _take(self) -> Token:
        token = self._token
        self._index += 1
        return token

    def _expect(self, text: str, message: str, cure: str) -> None:
        if not self._is(text):
            raise Mistake(self._token.offset, message, cure)
        self._take()

    def _unexpected(self) -> Mistake:
        token = self._token
        if token.kind is TokenKind.END:
            return Mistake(token.offset, "公式没有写完", "补上后面的部分")
        if token.kind is TokenKind.OP:
            return Mistake(token.offset, f"“{token.text}”不能放在这里", "检查它前后是否缺少名称、数或括号")
        return Mistake(token.offset, f"“{token.text}”之前缺少运算符", "补上运算符（+ - * = ≠ < ≤ > ≥ and or）")
