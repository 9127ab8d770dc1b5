"""附件1: entered, confirmed by telephone, kept up; what opens the account, what stays hidden, what it looks like."""

import io
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from python_calamine import CalamineWorkbook

from guanshu.portal.domain.factors import has_factor
from guanshu.portal.domain.offices.administrator_papers import export_card, export_cards
from guanshu.portal.domain.offices.administrators import (
    confirm_card,
    enter_card,
    give_password,
    reveal_card,
)
from guanshu.portal.domain.publishing import keep_contact, set_footer
from guanshu.portal.models import Account, AdministratorCard, AuditRecord, CardState
from guanshu.portal.problems import InvalidForm, NotYours, WrongState
from guanshu.portal.queries.administrators import CardRow, card_history, card_of, card_rows, details_of
from guanshu.portal.queries.people import Person, person_of
from guanshu.survey.documents.administrators import LABELS, TITLE, CardContent, make_card_docx
from tests.cast import NOW, Cast
from tests.portal.doors.conftest import give_factor
from tests.portal.offices.conftest import CARD

pytestmark = pytest.mark.django_db
NOTICE = Path(__file__).parents[3].parent / "shared" / "notice-2022.txt"
SECRETS = tuple(value for name, value in CARD.items() if name not in {"unit", "gender"})


def enter(cast: Cast, actor: Account | None = None, **typed: str) -> AdministratorCard:
    return enter_card(
        province=cast.hebei,
        campaign=cast.campaign,
        actor=actor or cast.system,
        typed={**CARD, **typed},
        now=NOW,
    )


def confirm(cast: Cast, actor: Account | None = None, seen: str = "") -> AdministratorCard:
    card = card_of(cast.hebei, cast.campaign)
    moment = card.filled_at.isoformat() if card and card.filled_at else ""
    return confirm_card(
        province=cast.hebei, campaign=cast.campaign, actor=actor or cast.system, seen=seen or moment, now=NOW
    )


def test_a_card_is_kept_sealed_and_its_history_names_fields_only(cast: Cast) -> None:
    card = enter(cast)
    assert card.state == CardState.FILLED.value
    assert details_of(card_of(cast.hebei, cast.campaign)).mobile == CARD["mobile"]
    kept = str([list(model.objects.values()) for model in (AdministratorCard, AuditRecord, Account)])
    assert not any(secret in kept for secret in SECRETS)
    assert CARD["unit"] in kept
    assert card_history(card)[0].about == "、".join(
        ["单位及部门", "姓名", "性别", "职务（职级）", "办公电话", "手机", "电子邮箱"]
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("unit", ""),
        ("name", "名" * 41),
        ("gender", "x"),
        ("title", "\x00"),
        ("office_phone", "86512345"),
        ("mobile", "0311-86512345"),
        ("email", "nobody"),
        ("name", "不适用"),
    ],
)
def test_each_wrong_field_of_a_card_is_named(cast: Cast, name: str, typed: str) -> None:
    with pytest.raises(InvalidForm) as caught:
        enter(cast, **{name: typed})
    assert list(caught.value.problems) == [name]
    assert not AdministratorCard.objects.exists()


def test_confirming_opens_the_account_for_the_number_on_the_card(cast: Cast) -> None:
    Account.objects.filter(pk=cast.province.pk).update(is_active=False)
    enter(cast)
    card = confirm(cast)
    account = Account.objects.get(pk=cast.province.pk)
    assert (card.state, card.confirmed_by, card.confirmed_at) == ("confirmed", "national", NOW)
    assert account.is_active
    assert person_of(account) == Person(CARD["name"], CARD["mobile"])
    record = AuditRecord.objects.get(action="person_changed")
    assert record.details["source"] == "annex1"


def test_a_missing_account_is_made_by_confirming(cast: Cast) -> None:
    Account.objects.filter(pk=cast.province.pk).delete()
    enter(cast)
    confirm(cast)
    account = Account.objects.get(username="A130000001")
    assert account.must_change_password
    assert person_of(account).phone == CARD["mobile"]
    assert not Account.objects.filter(username="A440000001").exists()


def test_a_change_of_the_provinces_has_to_be_confirmed_and_the_old_number_stays_until_then(cast: Cast) -> None:
    enter(cast)
    confirm(cast)
    card = enter(cast, actor=cast.province, mobile="13600009999")
    assert card.state == CardState.FILLED.value
    assert person_of(Account.objects.get(pk=cast.province.pk)).phone == CARD["mobile"]
    confirm(cast)
    assert person_of(Account.objects.get(pk=cast.province.pk)).phone == "13600009999"


def test_the_same_content_again_changes_nothing(cast: Cast) -> None:
    enter(cast)
    confirm(cast)
    assert enter(cast, actor=cast.province).state == CardState.CONFIRMED.value
    assert AuditRecord.objects.filter(action="enter_card").count() == 1


def test_what_was_changed_since_it_was_read_out_is_not_confirmed(cast: Cast) -> None:
    enter(cast)
    with pytest.raises(WrongState, match="又有修改"):
        confirm(cast, seen="2023-01-01T00:00:00+08:00")
    with pytest.raises(WrongState, match="又有修改"):
        confirm(cast, seen="\x00")
    confirm(cast)
    with pytest.raises(WrongState, match="不需要确认"):
        confirm(cast)


def test_the_initial_password_is_given_once_for_a_person(cast: Cast) -> None:
    given = {"province": cast.hebei, "campaign": cast.campaign, "actor": cast.system, "now": NOW}
    enter(cast)
    with pytest.raises(WrongState, match="还没有电话确认"):
        give_password(**given)
    confirm(cast)
    account, password = give_password(**given)
    account = Account.objects.get(pk=account.pk)
    assert account.check_password(password)
    assert account.must_change_password
    assert account.given_at == NOW
    with pytest.raises(WrongState, match="只显示一次"):
        give_password(**given)
    enter(cast, title="部长")
    confirm(cast)
    with pytest.raises(WrongState, match="只显示一次"):
        give_password(**given)
    enter(cast, name="新人", mobile="13600009999")
    confirm(cast)
    assert give_password(**given)[1] != password
    assert password not in str(list(AuditRecord.objects.values()))


@pytest.mark.parametrize("who", ["filler", "reviewer", "other_province", "city", "viewer", "operations", "auditor"])
def test_who_may_not_touch_a_card(cast: Cast, who: str) -> None:
    actor, card = getattr(cast, who), enter(cast)
    with pytest.raises(NotYours):
        enter(cast, actor=actor, title="部长")
    with pytest.raises(NotYours):
        confirm(cast, actor=actor)
    with pytest.raises(NotYours):
        give_password(province=cast.hebei, campaign=cast.campaign, actor=actor, now=NOW)
    with pytest.raises(NotYours):
        reveal_card(card=card, actor=actor, now=NOW)
    with pytest.raises(NotYours):
        export_card(card=card, actor=actor, now=NOW)
    with pytest.raises(NotYours):
        export_cards(campaign=cast.campaign, actor=actor, now=NOW)


def test_a_province_does_not_confirm_itself(cast: Cast) -> None:
    enter(cast, actor=cast.province)
    with pytest.raises(NotYours):
        confirm(cast, actor=cast.province)


def test_a_closed_year_keeps_its_cards_as_they_are(cast: Cast) -> None:
    cast.campaign.closed = True
    with pytest.raises(WrongState, match="已经结束"):
        enter(cast)


def test_looking_is_recorded(cast: Cast) -> None:
    card = enter(cast)
    assert reveal_card(card=card, actor=cast.province, now=NOW).email == CARD["email"]
    assert [event.action for event in card_history(card)] == ["查看个人信息", "填写"]


def test_units_stand_in_the_order_of_the_notice_with_their_states(cast: Cast) -> None:
    enter(cast)
    rows: list[CardRow] = card_rows(cast.campaign)
    assert [(row.province.code, row.state.label) for row in rows] == [("110000", "未填报"), ("130000", "已填报")]


def notice_page() -> list[str]:
    """Return the lines of 附件1 in the notice."""
    lines = [line.strip("\n\t ") for line in NOTICE.read_text(encoding="utf-8").splitlines()]
    start = lines.index(TITLE)
    return [line for line in lines[start - 2 : lines.index("附件2")] if line]


def test_the_word_file_is_the_notices_page_cell_by_cell(cast: Cast) -> None:
    set_footer(actor=cast.system, lines={"mail": "sjcj@example.cn"}, now=NOW)
    about = {"subject": "数据采集系统咨询", "phone": "010-68571234"}
    keep_contact(actor=cast.system, campaign=cast.campaign, contact=None, fields=about, now=NOW)
    file = export_card(card=enter(cast), actor=cast.province, now=NOW)
    assert file.name == "附件1省级科协管理员信息采集表（河北）.docx"
    document = docx.Document(io.BytesIO(file.data))
    table = document.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [label, value] for label, value in zip(LABELS, CARD.values(), strict=True)
    ]
    words = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert words[:2] == ["附件1", TITLE]
    assert words[2] == (
        "注意事项：请在2023年1月15日前将联系人信息表发送至邮箱sjcj@example.cn，发送后请电话联系010-68571234确认。"
    )
    assert AuditRecord.objects.filter(action="export_card", actor="A130000001").count() == 1


@pytest.mark.skipif(not NOTICE.exists(), reason="the notice lies beside the repository")
def test_the_words_are_those_of_the_notice() -> None:
    page = notice_page()
    number, title, *rest = page
    document = docx.Document(io.BytesIO(make_card_docx(CardContent("", ("",) * 7, date(2023, 1, 15)))))
    words = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert words[:2] == [number, title]
    assert [row.cells[0].text for row in document.tables[0].rows] == rest[:7]
    # What the notice leaves out is a setting, and empty until it is known.
    assert words[2] == "".join(rest[7:]).replace("（系统邮箱略）", "").replace("（电话略）", "")


def test_the_same_card_gives_the_same_bytes() -> None:
    content = CardContent("河北省科协", tuple(CARD.values()), date(2023, 1, 15))
    assert make_card_docx(content) == make_card_docx(content)


def test_the_word_file_opens_in_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "card.docx"
    path.write_bytes(make_card_docx(CardContent("河北省科协", tuple(CARD.values()), date(2023, 1, 15))))
    place = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", place, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "card.txt").read_text(encoding="utf-8-sig")
    assert all(value in text for value in (TITLE, *LABELS, *CARD.values()))


def test_the_workbook_has_all_units_and_is_recorded(cast: Cast) -> None:
    enter(cast)
    confirm(cast)
    exported = export_cards(campaign=cast.campaign, actor=cast.system, now=NOW)
    assert exported.name == "2022年度省级科协管理员信息采集表（汇总）.xlsx"
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(exported.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[2:4]] == ["北京市科协", "河北省科协"]
    assert rows[3][2:11] == ["A130000001", "已确认", *CARD.values()]
    assert AuditRecord.objects.get(action="export_administrators").details == {"units": 2, "entered": 1}


def test_another_administrator_shuts_the_former_one_out_and_the_same_one_stays(cast: Cast) -> None:
    enter(cast)
    confirm(cast)
    give_factor(cast.province.username)
    opened = Account.objects.get(pk=cast.province.pk).password
    enter(cast, mobile="13900007777")
    confirm(cast)
    assert (Account.objects.get(pk=cast.province.pk).password, has_factor(cast.province)) == (opened, True)
    enter(cast, name="另一位")
    confirm(cast)
    assert not Account.objects.get(pk=cast.province.pk).has_usable_password()
    assert not has_factor(cast.province)
