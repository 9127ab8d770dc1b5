"""The form of what provinces file: only this module and the province's long journey know it."""

from pathlib import Path

from guanshu.survey.loading import load, read_folder

FOLDER = Path(__file__).parents[2] / "questionnaires/province-2022"


def test_it_names_every_list_the_system_knows() -> None:
    form = load(read_folder(FOLDER)).questionnaire
    assert set(form.lists) == {"free", "planned", "construction", "conversion", "goals"}
    for known in form.lists.values():
        columns = {cell.name for cell in form.by_name[known.table].cells}
        assert set(known.columns.values()) <= columns


def test_the_printed_columns_are_those_of_the_notice() -> None:
    form = load(read_folder(FOLDER)).questionnaire
    printed = {
        name: [cell.label for cell in form.by_name[known.table].cells if "internal" not in cell.tags]
        for name, known in form.lists.items()
    }
    assert printed["free"] == ["场馆名称", "中央补助资金额度（万元）", "是否为2022年新增免费开放场馆"]
    assert printed["planned"] == [
        "场馆名称",
        "场馆级别（省/部级、地/市级、县级）",
        "上级主管单位（须为科协系统）",
        "建成开放时间（ 年 月）",
        "建筑面积（㎡）",
        "常设展厅面积（㎡）",
        "常设展厅展品总资产数（万元）",
        "拟建成开馆时间",
    ]
    assert printed["construction"] == [
        "场馆名称",
        "场馆级别（省/部级、地/市级、县级）",
        "上级主管单位",
        "现状（在建、拟建）",
        "预期建成开放时间（ 年 月）",
        "规划建筑面积（㎡）",
        "规划常设展厅面积（㎡）",
    ]
    assert printed["conversion"] == [
        "改建后场馆名称",
        "场馆级别（省/部级、地/市级、县级）",
        "原场所名称",
        "上级主管单位",
        "发改委立项时间和批文文号",
        "预期建成开放时间（ 年 月）",
        "规划建筑面积（㎡）",
        "规划常设展厅面积（㎡）",
    ]
