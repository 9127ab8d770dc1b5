"""A questionnaire folder becomes a compiled questionnaire, or a list of everything that is wrong with it."""

from guanshu.survey.loading.folder import digest, pack, read_folder, unpack
from guanshu.survey.loading.loader import load, load_definition
from guanshu.survey.loading.problems import QuestionnaireError

__all__ = ["QuestionnaireError", "digest", "load", "load_definition", "pack", "read_folder", "unpack"]
