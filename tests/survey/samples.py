"""The tiny questionnaires under tests/questionnaires, one per feature."""

from pathlib import Path

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.loading import load_definition, read_folder

FOLDERS = Path(__file__).parent.parent / "questionnaires"


def sample_files(name: str, **changed: str) -> dict[str, bytes]:
    """Return the files of a sample, some of them replaced."""
    return {**read_folder(FOLDERS / name), **{file: text.encode() for file, text in changed.items()}}


def sample(name: str, **changed: str) -> Questionnaire:
    """Return the definition of a sample, which must be without mistakes."""
    questionnaire, problems = load_definition(sample_files(name, **changed))
    assert problems == []
    assert questionnaire is not None
    return questionnaire
