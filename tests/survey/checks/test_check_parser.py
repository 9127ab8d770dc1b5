from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.checks import tree
from guanshu.survey.checks.parser import RESERVED, parse
from guanshu.survey.checks.place import Mistake

WORDS = ["a", "b_2", "staff", "last", "total", "if", "then", "and", "or", "not", "yes", "no", "it", "女"]
PIECES = [*WORDS, "(", ")", "[", "]", ",", ".", "=", "!=", "<", "<=", "≤", "≥", "≠", ">", "+", "-", "*", "×",
          "1", "0.50", "'甲'", "‘乙’", "“丙”", "（", "）", "，", "＝", " ", "\n", "/", "==", "%", "１"]  # fmt: skip


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_any_text_is_a_tree_or_a_mistake_inside_it(text: str) -> None:
    mistake = None
    try:
        parse(text)
    except Mistake as found:
        mistake = found
    assert mistake is None or (0 <= mistake.offset <= len(text) and mistake.message and mistake.cure)


names = st.sampled_from([word for word in WORDS if word not in RESERVED])
leaves = st.one_of(
    st.decimals(0, 10**12, places=2).map(tree.Number),
    st.text("甲乙 '’”ab", max_size=4)
    .filter(lambda text: "'" not in text or "’" not in text or "”" not in text)
    .map(tree.Text),
    st.booleans().map(tree.YesNo),
    st.lists(names, min_size=1, max_size=3).map(lambda path: tree.Name(tuple(path))),
    st.tuples(names, names, st.sampled_from(["*", "n"])).map(lambda t: tree.Name((t[0],), (t[1], t[2]))),
)


def _many(children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tuple[tree.Node, ...]]:
    return st.lists(children, min_size=2, max_size=3).map(tuple)


def _larger(children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    pairs = st.tuples(children, children)
    return st.one_of(
        children.map(tree.Negative),
        children.map(tree.Not),
        _many(children).map(tree.Multiply),
        st.tuples(st.sampled_from(["and", "or"]), _many(children)).map(lambda t: tree.Logic(*t)),
        st.tuples(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), children, children).map(
            lambda t: tree.Compare(*t)
        ),
        pairs.map(lambda t: tree.If(*t)),
        st.tuples(names, st.lists(children, max_size=3)).map(lambda t: tree.Call(t[0], tuple(t[1]))),
        st.tuples(children, st.lists(st.tuples(st.sampled_from([1, -1]), children), min_size=1, max_size=3)).map(
            lambda t: tree.Add(((1, t[0]), *t[1]))
        ),
    )


@given(st.recursive(leaves, _larger, max_leaves=25))
def test_printing_and_parsing_again_gives_the_same_tree(node: tree.Node) -> None:
    text = tree.to_text(node)
    assert parse(text) == node
    assert tree.to_text(parse(text)) == text


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a+b*c≤d", "a + b * c <= d"),
        ("（a＋b）×c＝1.50", "(a + b) * c = 1.50"),
        ("a − b ≠ ‘甲’", "a - b != '甲'"),
        ("not a = b and c or d", "not a = b and c or d"),
        ("not (a and b)", "not (a and b)"),
        ("if a then if b then c", "if a then if b then c"),
        ("(if a then b) and c", "(if a then b) and c"),
        ("-a * b - -c", "-a * b - -c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a = 0) = (b = 0)", "(a = 0) = (b = 0)"),
        ("total(visit[*, visitors]，last.staff[a, b])", "total(visit[*, visitors], last.staff[a, b])"),
        ("oneof(x, “甲”)", "oneof(x, '甲')"),
    ],
)
def test_spellings(written: str, canonical: str) -> None:
    assert tree.to_text(parse(written)) == canonical


def test_numbers_keep_every_digit() -> None:
    assert parse("0.1000000000000000055511151231257827") == tree.Number(Decimal("0.1000000000000000055511151231257827"))


def test_chains_are_one_node() -> None:
    node = parse("a + b - c + d")
    assert isinstance(node, tree.Add)
    assert [sign for sign, _ in node.terms] == [1, 1, -1, 1]


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "公式是空的"),
        ("a < b < c", 6, "比较不能连写"),
        ("a ≤ b = c", 6, "比较不能连写"),
        ("a / b <= 1", 2, "不能用“/”"),
        ("a == b", 2, "不能用“==”"),
        ("a ** 2", 2, "不能用“**”"),
        ('a = "甲"', 4, '不能用“"”'),
        ("a = '甲", 4, "不能用“'”"),
        ("a >= 80%", 7, "不能用“%”"),
        ("a > １", 4, "不是半角数字"),
        ("a b", 2, "“b”之前缺少运算符"),
        ("2 a", 2, "“a”之前缺少运算符"),
        ("a + ", 4, "公式没有写完"),
        ("a + * b", 4, "“*”不能放在这里"),
        ("(a + b", 6, "少一个右括号"),
        ("f(a, b", 6, "函数 f 少一个右括号"),
        ("a + not b", 4, "not 不能放在这里"),
        ("a and if b then c", 6, "if 不能放在这里"),
        ("if a", 4, "if 之后缺少 then"),
        ("staff[a]", 7, "方括号里应有行名和栏名"),
        ("staff[a, 1]", 9, "方括号里缺少行名或栏名"),
        ("a.", 2, "点号之后缺少名称"),
        ("then = 1", 0, "“then”"),
        ("a = ☃", 4, "不认识的字符“☃”"),
    ],
)
def test_mistakes_say_where_and_what(text: str, offset: int, message: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert caught.value.offset == offset
    assert message in caught.value.message


def test_chained_comparison_has_a_cure() -> None:
    with pytest.raises(Mistake) as caught:
        parse("0 <= a <= 100")
    assert caught.value.cure == "写成 a < b and b < c；两个判断相等写成 (a = 0) = (b = 0)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * 2001, "超过 2000 个字符"),
        ("(" * 1000 + "a" + ")" * 900, "嵌套超过 40 层"),
        ("f(" * 41 + "a" + ")" * 41, "嵌套超过 40 层"),
        ("not " * 400 + "a", "嵌套超过 40 层"),
        ("if a then " * 150 + "a", "嵌套超过 40 层"),
        ("-" * 1500 + "a", "嵌套超过 40 层"),
        (" + ".join(["a"] * 200), "超过 200 个成分"),
    ],
)
def test_limits(text: str, message: str) -> None:
    with pytest.raises(Mistake, match=message):
        parse(text)


def test_within_the_limits() -> None:
    assert tree.depth(parse("f(" * 39 + "a" + ")" * 39)) == 40
    parse(" + ".join(["a"] * 199))
    parse("a" * 2000)
