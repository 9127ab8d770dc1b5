"""The fixed cast: who there is in every test of the portal, and what each may see.

Museums: Baoding (free, county) and Shijiazhuang (not free, city) in Hebei; Haidian (county, free) in Beijing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from guanshu.portal.domain.campaigns import Calendar, open_campaign
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.models import Account, Campaign, FreeStatus, Museum, Province, QuestionnaireVersion, Report, Role
from guanshu.survey.loading import read_folder

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2023, 2, 4, 10, 0, tzinfo=SHANGHAI)
QUESTIONNAIRES = Path(__file__).parent / "questionnaires"


@dataclass
class Cast:
    """People, museums and the two campaigns, made once for a test."""

    hebei: Province
    beijing: Province
    baoding: Museum
    shijiazhuang: Museum
    haidian: Museum
    form: QuestionnaireVersion
    campaign: Campaign
    # Sees and fills in Baoding's reports, nothing else.
    filler: Account
    # Sees Baoding's reports, changes no value.
    reviewer: Account
    # Sees and fills in Shijiazhuang's reports, knows nothing of Baoding's.
    other_filler: Account
    # Sees all museums of Hebei, changes no value.
    province: Account
    # Sees nothing until accounts name a city.
    city: Account
    # Sees all museums of Beijing: a stranger to Hebei.
    other_province: Account
    # Sees everything, changes no value.
    system: Account
    # Sees everything, changes nothing.
    viewer: Account
    # Sees the museums that are free in the year of the campaign: Baoding and Haidian, not Shijiazhuang.
    free_reviewer: Account
    # Sees accounts, no reports.
    operations: Account
    # Sees the audit trail, no reports.
    auditor: Account

    def report(self, museum: Museum | None = None, year: int = 2022) -> Report:
        """Return a museum's report as it is now (Baoding's unless another is named)."""
        return Report.objects.get(museum=museum or self.baoding, campaign__year=year)


def publish(name: str) -> QuestionnaireVersion:
    """Return the published version of a folder under tests/questionnaires."""
    return publish_questionnaire(files=read_folder(QUESTIONNAIRES / name), now=NOW)


def calendar(year: int) -> Calendar:
    """Return the days of the campaign that asks about `year`."""
    after = year + 1
    return Calendar(
        opens_on=date(after, 1, 1),
        contacts_due=date(after, 1, 15),
        museum_due=date(after, 2, 10),
        province_review_due=date(after, 2, 20),
        province_submit_due=date(after, 2, 25),
    )


def make_cast(questionnaire: str = "tiny-save") -> Cast:
    """Make everybody, with the 2022 campaign open."""
    hebei = Province.objects.create(code="130000", order=3, name="河北省科协", short_name="河北")
    beijing = Province.objects.create(code="110000", order=1, name="北京市科协", short_name="北京")
    baoding = Museum.objects.create(code="130600001", name="保定市科技馆", province=hebei, level="county")
    shijiazhuang = Museum.objects.create(code="130100001", name="石家庄市科技馆", province=hebei, level="city")
    haidian = Museum.objects.create(code="110108001", name="海淀区科技馆", province=beijing, level="county")
    FreeStatus.objects.create(museum=baoding, year=2022)
    FreeStatus.objects.create(museum=haidian, year=2022)
    form = publish(questionnaire)
    campaign = open_campaign(year=2022, questionnaire=form, calendar=calendar(2022), now=NOW)

    def account(username: str, role: Role, **office: object) -> Account:
        return Account.objects.create(username=username, role=role.value, must_change_password=False, **office)

    return Cast(
        hebei=hebei,
        beijing=beijing,
        baoding=baoding,
        shijiazhuang=shijiazhuang,
        haidian=haidian,
        form=form,
        campaign=campaign,
        filler=account("B130600001", Role.FILLER, museum=baoding),
        reviewer=account("C130600001", Role.REVIEWER, museum=baoding),
        other_filler=account("B130100001", Role.FILLER, museum=shijiazhuang),
        province=account("A130000001", Role.PROVINCE, province=hebei),
        city=account("city", Role.CITY_VIEWER, province=hebei),
        other_province=account("A110000001", Role.PROVINCE, province=beijing),
        system=account("national", Role.SYSTEM),
        viewer=account("viewer", Role.NATIONAL_VIEWER),
        free_reviewer=account("free", Role.FREE_REVIEWER),
        operations=account("operations", Role.OPERATIONS),
        auditor=account("auditor", Role.AUDITOR),
    )
