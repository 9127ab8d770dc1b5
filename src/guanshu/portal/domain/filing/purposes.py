"""What the files of a filing are called, by their purpose."""

from guanshu.portal.domain.naming import safe_name
from guanshu.portal.models import Filing
from guanshu.portal.queries.filingitems import EVIDENCE, SCAN, Purpose, unit_name

_SEALED = "（盖章扫描件）"


def official_title(purpose: Purpose) -> str:
    """Return the name without its suffix: 「2022年度河北省全国科技馆免费开放名单」 and its like."""
    if purpose.kind == EVIDENCE:
        return f"{purpose.item.label}佐证材料{purpose.row}"
    return f"{purpose.item.title}{_SEALED if purpose.kind == SCAN else ''}"


def official_file_name(purpose: Purpose, suffix: str) -> str:
    """Return the file name, safe on every disk."""
    return safe_name("", official_title(purpose), suffix)


def package_name(filing: Filing, suffix: str = ".zip") -> str:
    """Return the name of the package: 「2022年度河北省科技馆信息上报材料.zip」."""
    return safe_name("", f"{filing.campaign.year}年度{unit_name(filing)}科技馆信息上报材料", suffix)
