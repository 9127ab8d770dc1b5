"""The 32 reporting units, exactly as 附件3 of the notice lists them."""

from dataclasses import dataclass

from guanshu.portal.models import Province


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of 附件3: its number, the six digits of its account, the unit's full name and a short one for lists."""

    order: int
    code: str
    name: str
    short_name: str

    @property
    def username(self) -> str:
        """Return the administrator's account: A + code + 001."""
        return f"A{self.code}001"


_ATTACHMENT_3 = """
110000 北京市科协 北京
120000 天津市科协 天津
130000 河北省科协 河北
140000 山西省科协 山西
150000 内蒙古自治区科协 内蒙古
210000 辽宁省科协 辽宁
220000 吉林省科协 吉林
230000 黑龙江省科协 黑龙江
310000 上海市科协 上海
320000 江苏省科协 江苏
330000 浙江省科协 浙江
340000 安徽省科协 安徽
350000 福建省科协 福建
360000 江西省科协 江西
370000 山东省科协 山东
410000 河南省科协 河南
420000 湖北省科协 湖北
430000 湖南省科协 湖南
440000 广东省科协 广东
450000 广西壮族自治区科协 广西
460000 海南省科协 海南
500000 重庆市科协 重庆
510000 四川省科协 四川
520000 贵州省科协 贵州
530000 云南省科协 云南
540000 西藏自治区科协 西藏
610000 陕西省科协 陕西
620000 甘肃省科协 甘肃
630000 青海省科协 青海
640000 宁夏回族自治区科协 宁夏
650000 新疆维吾尔自治区科协 新疆
660000 新疆生产建设兵团科协 兵团
"""

UNITS: tuple[Unit, ...] = tuple(
    Unit(order, *line.split()) for order, line in enumerate(_ATTACHMENT_3.strip().splitlines(), start=1)
)


def create_provinces() -> list[Province]:
    """Make the rows that are missing and return all 32 in the order of 附件3; safe to call again."""
    existing = set(Province.objects.values_list("code", flat=True))
    Province.objects.bulk_create(
        Province(code=unit.code, order=unit.order, name=unit.name, short_name=unit.short_name)
        for unit in UNITS
        if unit.code not in existing
    )
    return list(Province.objects.filter(code__in=[unit.code for unit in UNITS]))
