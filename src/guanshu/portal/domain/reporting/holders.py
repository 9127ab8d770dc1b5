"""提交馆内审核 keeps the accounts' people up to date: the notice says that the system updates their numbers then."""

from guanshu.portal.domain.people import Change, set_person, tell_numbers
from guanshu.portal.domain.reporting.locking import Locked
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.reportpeople import updates
from guanshu.portal.queries.stored import read_stored


def update_holders(locked: Locked) -> list[str]:
    """Put the filler and reviewer the report names on record, in the transition's transaction.

    Both the old and the new number are told. Returns the roles whose number changed, for the report's history.
    """
    report, found = locked.report, form(locked.report.questionnaire_id)
    moved = []
    for each in updates(report.museum, found, read_stored(report, found, locked=True).plain):
        set_person(
            account=each.account,
            person=each.after,
            actor=locked.account.username,
            source="submission",
            now=locked.now,
            change=Change(about=report.number),
        )
        if each.moves:
            tell_numbers(account=each.account, old=each.before.phone, new=each.after.phone, now=locked.now)
            if each.before.phone:
                moved.append(each.account.role)
    return moved
