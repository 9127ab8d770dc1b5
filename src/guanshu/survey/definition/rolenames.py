"""What the figures with a role are called out of their tables, where 合计 or 本年到位 alone would say nothing."""

from collections.abc import Mapping

ROLE_NAMES: Mapping[str, str] = {
    "building_area": "建筑面积",
    "hall_area": "展厅面积",
    "permanent_hall_area": "常设展厅面积",
    "exhibits_total": "常设展厅展品数",
    "exhibits_new": "新增展品",
    "exhibits_updated": "更新改造展品",
    "exhibits_asset": "展品总资产",
    "temporary_count": "短期展览",
    "open_days": "全年开放天数",
    "visits": "到馆观众",
    "edu_sessions": "教育活动场次",
    "edu_people": "教育活动参加人次",
    "income": "收入合计",
    "free_days": "免费开放天数",
    "free_visits": "免费观众",
    "subsidy_allocated": "中央补助资金核定额度",
    "subsidy_carryover": "中央补助资金上年结转",
    "subsidy_received": "中央补助资金到位",
    "subsidy_spent": "中央补助资金支出",
    "subsidy_returned": "中央补助资金财政收回",
    "subsidy_balance": "中央补助资金年末结余",
    "subsidy_rate": "中央补助资金执行率",
}
