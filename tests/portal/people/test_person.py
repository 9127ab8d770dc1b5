"""Who holds an account is kept encrypted, found again by number, and every change of it is on record."""

import pytest

from guanshu.portal.domain.people import set_person
from guanshu.portal.models import Account, AuditRecord
from guanshu.portal.queries.people import Person, accounts_with_phone, person_of
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
_WHO = Person("张三丰", "13800001234")


def _set(account: Account, person: Person) -> bool:
    return set_person(account=account, person=person, actor="", source="test", now=NOW)


def test_a_person_is_read_back_and_kept_in_the_clear_nowhere(cast: Cast) -> None:
    assert _set(cast.filler, _WHO)
    kept = Account.objects.get(pk=cast.filler.pk)
    assert person_of(kept) == _WHO
    assert kept.phone_shown == "138****1234"
    row = str(Account.objects.filter(pk=kept.pk).values().get())
    assert _WHO.phone not in row
    assert _WHO.name not in row


def test_a_number_finds_every_account_it_serves(cast: Cast) -> None:
    for account in (cast.filler, cast.reviewer):
        _set(account, _WHO)
    assert set(accounts_with_phone(_WHO.phone)) == {cast.filler, cast.reviewer}
    assert not accounts_with_phone("13900000000")


def test_a_change_is_on_record_without_what_it_was(cast: Cast) -> None:
    _set(cast.filler, _WHO)
    assert not _set(cast.filler, _WHO)
    assert _set(cast.filler, Person(_WHO.name, "13900005678"))
    records = AuditRecord.objects.filter(action="person_changed").order_by("seq")
    assert [each.details["changed"] for each in records] == [["name", "phone"], ["phone"]]
    assert _WHO.phone not in str(list(records.values()))


def test_a_record_moved_to_another_account_is_not_read(cast: Cast) -> None:
    _set(cast.filler, _WHO)
    Account.objects.filter(pk=cast.reviewer.pk).update(person=Account.objects.get(pk=cast.filler.pk).person)
    assert person_of(Account.objects.get(pk=cast.reviewer.pk)) == Person()


def test_what_is_no_mobile_number_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="eleven"):
        _set(cast.filler, Person("张三丰", "0312-5551234"))
