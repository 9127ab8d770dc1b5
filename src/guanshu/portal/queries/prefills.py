"""What the register says of a respondent: shown in the form, read-only for everybody, never stored with the answers."""

from dataclasses import replace

from guanshu.portal.models import Museum
from guanshu.portal.queries.forms import Form
from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.base import Json


def with_register(answers: Answers, form: Form, museum: Museum, *, free: bool) -> Answers:
    """Return the answers with the cells that the register fills. Raises ValueError when the form cannot hold a value.

    Fields: name, level (codes of MuseumLevel), division, is_free.
    """
    fields: dict[str, Json] = {
        "name": museum.name,
        "level": museum.level,
        "division": museum.division,
        "is_free": free,
    }
    cells = form.compiled.questionnaire.cells
    known = {
        name: cells[name].type.from_json(fields[field])
        for name, field in form.register.items()
        if fields.get(field, "") != ""
    }
    return replace(answers, cells={**answers.cells, **known}) if known else answers
