"""The province's lists of 2022 with rows, for tests of their papers; no program but tests knows these names."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.loading import load, read_folder
from guanshu.survey.values.base import Value

FOLDER = Path(__file__).resolve().parents[3] / "questionnaires/province-2022"


@cache
def form() -> Questionnaire:
    return load(read_folder(FOLDER)).questionnaire


FREE: list[dict[str, Value]] = [
    {"museum": "河北省科学技术馆", "amount": Decimal("520.00"), "is_new": False},
    {"museum": "保定市科技馆", "amount": Decimal("286.50"), "is_new": True},
]
PLANNED: list[dict[str, Value]] = [
    {
        "museum": "唐山市科学技术馆（新馆）",
        "level": "city",
        "supervisor": "唐山市科学技术协会",
        "opened": date(2022, 9, 1),
        "building_area": Decimal("12800.50"),
        "hall_area": Decimal(6200),
        "exhibits_asset": Decimal("3500.25"),
        "expected": date(2023, 5, 1),
        "is_cast": True,
        "has_education": True,
    },
    {"museum": "迁安市科技馆", "level": "county", "supervisor": "迁安市科协", "expected": date(2023, 12, 1)},
]
CONVERSION: list[dict[str, Value]] = [
    {
        "museum": "沧州市科技馆",
        "level": "city",
        "original": "沧州市原工人文化宫",
        "supervisor": "沧州市科协",
        "approval": "2021年6月 沧发改〔2021〕12号",
        "expected": date(2024, 5, 1),
        "building_area": Decimal(8000),
        "hall_area": Decimal(3000),
    }
]
ROWS: dict[str, list[list[str]]] = {
    "free": [["1", "河北省科学技术馆", "520", "否"], ["2", "保定市科技馆", "286.5", "是"]],
    "planned": [
        [
            "1",
            "唐山市科学技术馆（新馆）",
            "地/市级",
            "唐山市科学技术协会",
            "2022年9月",
            "12800.50",
            "6200.00",
            "3500.25",
            "2023年5月",
        ],
        ["2", "迁安市科技馆", "县级", "迁安市科协", "", "", "", "", "2023年12月"],
    ],
    "construction": [["无"] * 8],
    "conversion": [
        [
            "1",
            "沧州市科技馆",
            "地/市级",
            "沧州市原工人文化宫",
            "沧州市科协",
            "2021年6月 沧发改〔2021〕12号",
            "2024年5月",
            "8000.00",
            "3000.00",
        ]
    ],
}


def rows(found: list[dict[str, Value]]) -> tuple[Row, ...]:
    return tuple(Row(f"k{place}", cells) for place, cells in enumerate(found))


def answers() -> Answers:
    """Return two rows of 附件4 and 附件5, one of 附件7, and 本省无 for 附件6."""
    lists = {"free_list": rows(FREE), "planned_list": rows(PLANNED), "conversion_list": rows(CONVERSION)}
    return Answers(rows=lists, none=frozenset({"construction_list"}))
