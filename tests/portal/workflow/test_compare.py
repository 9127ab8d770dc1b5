"""What differs between versions and from what there is now."""

from guanshu.portal.domain.reporting import comment_on_cell, reply_to_comment
from guanshu.portal.models import ReportVersion
from guanshu.portal.queries.comparison import changes_between
from guanshu.portal.queries.figures import MASKED
from guanshu.portal.queries.reports import open_report
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.portal.workflow.conftest import Way


def test_one_row_holds_old_new_explanation_and_reply(way: Way) -> None:
    way.to(State.SUBMITTED)
    comment = comment_on_cell(
        report=way.report, actor=way.cast.province, address="land_area", text="请核对", now=way.now
    )
    way.do(Action.RETURN)
    reply_to_comment(report=way.report, actor=way.cast.filler, comment=comment.pk, text="已核对并改正", now=way.now)
    way.type(
        {
            "land_area": "9200",
            "mobile": "13900139001",
            "3-1.na": None,
            "shows.rows": ["k1"],
            "shows[k1].title": "恐龙展",
            "shows[k1].cost": "120",
            "3-1-01[k1]": "引进国外大型展览，费用较高",
        }
    )
    version = ReportVersion.objects.get(report=way.report)
    live = changes_between(version)
    assert {address: (row.table, row.label, row.old, row.new) for address, row in live.items()} == {
        "land_area": ("1-1", "占地面积", "9,100.00", "9,200.00"),
        "both_areas": ("1-1", "面积合计", "14,100.00", "14,200.00"),
        "mobile": ("1-1", "手机", MASKED, MASKED),
        "3-1.na": ("3-1", "整表不适用", "是", ""),
        "shows_cost": ("3-1", "投入合计", "—", "120.00"),
        "shows.rows": ("3-1", "行数与顺序", "", "1 行"),
        "shows[k1].title": ("3-1", "第 1 行·名称", "", "恐龙展"),
        "shows[k1].cost": ("3-1", "第 1 行·投入", "", "120.00"),
        "shows[k1].fee": ("3-1", "第 1 行·票价合计", "", "121.00"),
        "3-1-01[k1]": ("3-1", "审核 3-1-01[k1] 的说明", "", "引进国外大型展览，费用较高"),
    }
    assert live["land_area"].replies == ("已核对并改正",)
    assert live["shows[k1].cost"].explanations == ("引进国外大型展览，费用较高",)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    second = ReportVersion.objects.get(report=way.report, number=2)
    between = changes_between(version, second)
    assert {a: (r.old, r.new) for a, r in between.items()} == {a: (r.old, r.new) for a, r in live.items()}
    assert changes_between(second) == {}
    assert {a: (r.old, r.new) for a, r in changes_between(second, version).items()} == {
        a: (r.new, r.old) for a, r in live.items()
    }


def test_a_frozen_report_differs_in_nothing_from_itself(way: Way) -> None:
    way.to(State.AWAITING_STAMP)
    assert changes_between(ReportVersion.objects.get(report=way.report)) == {}
    assert changes_between(ReportVersion.objects.get(report=way.report), open_report(way.report)) == {}
