"""CSV with places, and the encodings files come in."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanshu.survey.definition.source import Problem, Source
from guanshu.survey.loading.csvfile import read_records
from guanshu.survey.loading.decode import decode
from guanshu.survey.loading.problems import Problems
from guanshu.survey.loading.sheet import read_sheet, unspoil_number


def read(text: str) -> tuple[list[list[Source]], list[Problem]]:
    out = Problems()
    return read_records("a.csv", text, out), out.sorted()


def test_fields_know_where_they_stand() -> None:
    records, problems = read('a,b\n1,"x\ny, ""z"""  \n'.replace("  \n", "\n") + " 甲 ,乙\r\n")
    assert problems == []
    assert [[(f.text, f.line, f.column) for f in record] for record in records] == [
        [("a", 1, 1), ("b", 1, 3)],
        [("1", 2, 1), ('x\ny, "z"', 2, 4)],
        [("甲", 4, 2), ("乙", 4, 5)],
    ]


def test_a_field_after_a_quoted_line_break_counts_from_its_own_line() -> None:
    records, _ = read('"a\nbc",d\n')
    assert (records[0][1].line, records[0][1].column) == (2, 5)


@pytest.mark.parametrize(("text", "word"), [('a,"b\nc', "没有结束"), ('a,"b"c\n', "后面还有文字")])
def test_broken_quotes(text: str, word: str) -> None:
    _, problems = read(text)
    assert [(p.line, p.column) for p in problems] == [(1, 3)]
    assert word in problems[0].message


CELL = st.text(alphabet='ab,"\n\r 甲', max_size=6)


@settings(deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=5))
def test_it_reads_what_the_csv_module_writes(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    records, problems = read(buffer.getvalue())
    assert problems == []
    assert [[field.text for field in record] for record in records] == [[text.strip() for text in row] for row in rows]


@settings(deadline=None)
@given(st.text(alphabet='ab,"\n\r', max_size=30))
def test_any_text_is_read_or_explained(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for field in (field for record in read(text)[0] for field in record):
        if field.text and "\n" not in field.text and "\r" not in field.text and '"' not in field.text:
            assert lines[field.line - 1][field.column - 1 :].startswith(field.text)


@pytest.mark.parametrize(
    ("data", "word", "place"),
    [
        ("号,名\n1,馆".encode("gbk"), "GBK", (1, 1)),
        ("a\n号".encode("utf-16"), "UTF-16", (1, 1)),
        (b"PK\x03\x04zip", "Excel", (1, 1)),
        (b"ab\nc\xff\xfe\xff", "UTF-8", (2, 2)),
        (b"ab\nc\x00d", "NUL", (2, 2)),
    ],
)
def test_other_encodings_are_explained(data: bytes, word: str, place: tuple[int, int]) -> None:
    out = Problems()
    assert decode("a.csv", data, out) is None
    [problem] = out.sorted()
    assert word in problem.message
    assert (problem.line, problem.column) == place


def test_a_byte_order_mark_is_fine() -> None:
    out = Problems()
    assert decode("a.csv", "\ufeff馆".encode(), out) == "馆"
    assert out.sorted() == []


def sheet(text: str) -> tuple[object, list[Problem]]:
    out = Problems()
    return read_sheet("a.csv", text.encode(), ("name", "label"), ("name",), out), out.sorted()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["空的"]),
        ("name;label\n", ["分号"]),
        ("name\tlabel\n", ["制表符"]),
        ("label\n甲\n", ["缺少列「name」"]),
        ("name,name\n", ["重复"]),
        ("name,lable\n", ["没有名为「lable」的列"]),
        ("name,label\na,甲,乙\n", ["没有列名"]),
        ("name,label\n#REF!,甲\n1.23E+05,甲\n=a,甲\n", ["错误值", "科学计数", "等号"]),
    ],
)
def test_what_is_wrong_with_a_sheet(text: str, words: list[str]) -> None:
    _, problems = sheet(text)
    assert len(problems) == len(words)
    assert all(word in problem.message for word, problem in zip(words, problems, strict=True))


def test_what_is_fine_in_a_sheet() -> None:
    records, problems = sheet("name,label,,\na,甲,,\n,,,\n\nb\n")
    assert problems == []
    assert [(r.text("name"), r.text("label"), r["label"].line) for r in records] == [("a", "甲", 2), ("b", "", 5)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1月2日", "1-2"),
        ("Jan-02", "1-2"),
        ("2-Jan", "1-2"),
        ("2023/1/2", "1-2"),
        ("2023年1月2日", "1-2"),
        ("1/2", "1-2"),
        ("2-1", ""),
        ("Abc-02", ""),
    ],
)
def test_table_numbers_turned_into_dates(text: str, number: str) -> None:
    assert unspoil_number(text) == number
