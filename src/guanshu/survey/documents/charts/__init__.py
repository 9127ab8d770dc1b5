"""Plain bar charts as pictures for documents, drawn with our own fonts."""

from guanshu.survey.documents.charts.bars import Bars, make_bars_png

__all__ = ["Bars", "make_bars_png"]
