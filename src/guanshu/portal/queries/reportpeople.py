"""Filler and reviewer as a report names them (the form's roles), beside who is on record for the two accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanshu.portal.models import Account, Museum, Role
from guanshu.portal.queries.forms import Form
from guanshu.portal.queries.people import Person, person_of
from guanshu.survey.definition.storage import Data
from guanshu.survey.values.contacts import is_mobile, mask_mobile

_ROLES = {
    Role.FILLER.value: ("filler_name", "filler_mobile"),
    Role.REVIEWER.value: ("reviewer_name", "reviewer_mobile"),
}
# What an account keeps of a name: forms may allow more.
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Update:
    """An account whose holder is another one, or has another number, than is on record."""

    account: Account
    before: Person = field(repr=False)
    after: Person = field(repr=False)

    @property
    def moves(self) -> bool:
        """Return whether the number changes."""
        return self.before.phone != self.after.phone

    @property
    def renames(self) -> bool:
        """Return whether a name that is on record gives way to another one."""
        return bool(self.before.name) and self.before.name != self.after.name

    @property
    def old_shown(self) -> str:
        """Return the number on record as everybody may see it, "" when there is none."""
        return mask_mobile(self.before.phone) if self.before.phone else ""

    @property
    def new_shown(self) -> str:
        """Return the number of the report as everybody may see it."""
        return mask_mobile(self.after.phone) if self.after.phone else ""


def people_in(found: Form, plain: Mapping[str, Data]) -> dict[str, Person]:
    """Return who fills in and who reviews by a report's answers, by role; blank where the form or the answer is."""
    return {role: Person(*(_text(found, plain, name) for name in names)) for role, names in _ROLES.items()}


def _text(found: Form, plain: Mapping[str, Data], role: str) -> str:
    questionnaire = found.compiled.questionnaire
    cell = questionnaire.cells.get(questionnaire.roles.get(role, ""))
    value = plain.get(cell.table, {}).get("cells", {}).get(cell.name) if cell else None
    if not isinstance(value, str):
        return ""
    if role.endswith("_mobile"):
        return value if is_mobile(value) else ""
    return value.strip()[:_LONGEST_NAME]


def updates(museum: Museum, found: Form, plain: Mapping[str, Data]) -> list[Update]:
    """Return what a report's answers change of the museum's accounts. What is blank in the report stays on record."""
    named = people_in(found, plain)
    changed = []
    for account in Account.objects.filter(museum=museum, role__in=named).order_by("username"):
        before, told = person_of(account), named[account.role]
        after = Person(told.name or before.name, told.phone or before.phone)
        if after != before:
            changed.append(Update(account, before, after))
    return changed
