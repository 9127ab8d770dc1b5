"""What a cell accepts is what the printed form can show."""

import pytest

from guanshu.survey.documents.report_pdf.fonts import prints
from guanshu.survey.values.clean import unprintable
from tools.printable_ranges import TARGET, lines


def test_the_rule_is_the_fonts_own() -> None:
    assert TARGET.read_text() == lines(), "run python tools/printable_ranges.py"


@pytest.mark.parametrize("text", ["张三丰", "𠮷", "㛃龘", "〇", "·（）—…", "①㎡℃", "a²", "第1行\n第2行"])
def test_what_forms_are_full_of_is_accepted(text: str) -> None:
    assert unprintable(text) == ""
    assert all(prints(char) for char in text if char != "\n")


@pytest.mark.parametrize("char", ["😀", "⁵", "ą", "\U000313aa", "\ue000"])
def test_what_no_font_shows_is_refused(char: str) -> None:
    assert unprintable(f"科技{char}馆") == char
