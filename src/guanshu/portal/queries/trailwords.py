"""What every recorded action is called: one sentence each, in one place.

`{object}` is the record's object, other names are keys of its details. What stands in [brackets] is left out when one
of its names has no value. A test fails for an action that the code records and that has no line here.
"""

import re
from collections.abc import Mapping
from typing import Any

from guanshu.portal.models import AuditRecord, RegisterField, Role
from guanshu.portal.queries.campaigns import SETTINGS
from guanshu.portal.queries.people import SOURCES
from guanshu.portal.queries.standing import Operation
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.requests import RequestAction

_ACCOUNTS: Mapping[str, str] = {
    "login": "登录系统",
    "logout": "退出登录",
    "login_failed": "账号 {object} 登录失败[ {times} 次]（密码错误或已被暂停尝试）",
    "login_failed_unknown": "用不存在的账号登录失败[ {times} 次]",
    "account_created": "新建账号 {object}[（{role_label}）]",
    "password_initial": "为账号 {object} 生成初始密码",
    "password_changed": "修改账号 {object} 的密码",
    "password_reset": "账号 {object} 通过短信验证码重置密码",
    "account_opened": "启用账号 {object}",
    "account_closed": "停用账号 {object}",
    "slips_given": "发放账号通知单[，{accounts} 个账号]",
    "give_password": "为 {object} 的管理员生成初始密码",
    "unlocked": "解除账号 {object} 的登录锁定",
    "session_ended": "结束账号 {object} 的登录[ {sessions} 处]",
    "session_displaced": "账号 {object} 登录设备超过上限，结束最早的[ {sessions} 处]",
    "factor_set": "账号 {object} 启用动态验证码",
    "factor_replaced": "账号 {object} 更换动态验证码",
    "factor_removed": "账号 {object} 停用动态验证码",
    "factor_reset": "重置账号 {object} 的动态验证码",
    "recovery_codes_made": "账号 {object} 生成新的恢复码",
    "recovery_code_used": "账号 {object} 用恢复码登录",
    "holder_replaced": "更换账号 {object} 的使用人[，自 {on}]",
    "phone_change_asked": "申请变更账号 {object} 的手机",
    "phone_change_done": "变更账号 {object} 的手机",
    "phone_change_refused": "不同意变更账号 {object} 的手机",
    "phone_change_recalled": "撤回账号 {object} 的手机变更",
    "contact_logged": "登记与 {object} 的联系[（{result}）]",
    "person_changed": "登记账号 {object} 的使用人[（变动：{changed}）][，来源：{source}]",
}
_DATA: Mapping[str, str] = {
    "reveal_personal": "查看报表 {object} 中的个人信息",
    "reveal_phone": "查看账号 {object} 的手机号码",
    "search_phone": "按手机号码查询账号[，找到 {found} 个]",
    "reveal_card": "查看 {object} 的《省级科协管理员信息采集表》个人信息",
    "export_card": "导出 {object} 的《省级科协管理员信息采集表》",
    "export_administrators": "导出 {object} 年度省级管理员汇总表[，{units} 个单位]",
    "sms_budget_low": "今日短信验证码余量不足",
    "sms_budget_spent": "今日短信验证码已用完",
    "export_workbook": "导出 {object} 年度 Excel[，{museums} 座科技馆][，省份 {province}]",
    "export_lists": "导出 {object} 年度名单汇总[，{units} 个单位]",
    "export_trail": "导出审计记录[ {rows} 条][，条件：{wanted}]",
    "download_package": "下载 {object} 的材料包[「{about}」]",
    "download_file": "下载 {object} 的文件[「{about}」]",
    "look_file": "在线查看 {object} 的文件[「{about}」]",
    "download_draft": "下载报表 {object} 的文稿[「{about}」]",
    "download_pdf": "下载报表 {object} 的 PDF[（第 {version} 版）]",
    "download_paper": "下载 {object} 的名单文件[「{about}」]",
    "verify_trail": "校验全部记录",
    "import_reports": "导入 {object} 年度历史数据",
    "backup_made": "备份系统数据",
}
_SETTINGS: Mapping[str, str] = {
    "publish_questionnaire": "发布调查表「{object}」",
    "open_campaign": "开启 {object} 年度采集",
    "configure_campaign": "修改 {object} 年度采集设置[（{fields}）]",
    "publish_notice": "发布通知[「{title}」]",
    "withdraw_notice": "撤下第 {object} 号通知",
    "keep_contact": "修改联系方式[「{subject}」]",
    "remove_contact": "删除第 {object} 号联系方式",
    "set_footer": "修改页脚",
    "put_official_file": "以官方文件代替 {object} 年度的{what}[「{about}」]",
    "remove_official_file": "撤下 {object} 年度的官方文件，恢复系统生成的{what}[「{about}」]",
    "add_phrase": "增加常用意见[「{text}」]",
    "change_phrase": "修改常用意见[「{text}」]",
    "remove_phrase": "删除常用意见[「{text}」]",
    "raise_phrase": "上移常用意见[「{text}」]",
    "send_reminders": "按规则催报（{object} 年度）[，已交发送 {sent} 条]",
    "remind_by_hand": "手动催报（{object} 年度）[，{reports_count} 座科技馆]",
    "demo_created": "生成演示数据",
}
_REPORTS: Mapping[str, str] = {
    **{each.value: f"报表 {{object}}：{each.label}[（{{category}}）][，原因：{{reason}}]" for each in Action},
    **{
        each.value: f"报表 {{object}}：{each.label}[（审核 {{key}}）][（{{address}}）][，理由：{{reason}}]"
        for each in Operation
    },
    "remark_on_report": "报表 {object}：提出审核建议[（{address}）]",
    "withdraw_remark": "报表 {object}：撤回审核建议[（{address}）]",
    "withdraw_comment": "报表 {object}：撤回意见[（{address}）]",
    "upload_file": "报表 {object}：上传附件[（{purpose} 第 {serial} 版）]",
    "confirm_file": "报表 {object}：确认附件[（{purpose} 第 {serial} 版）]",
    "remove_file": "报表 {object}：撤下附件[（{purpose} 第 {serial} 版）]",
    "confirm_scan": "报表 {object}：核对并确认盖章扫描件",
    "remind": "报表 {object}：短信催报",
}
_FILINGS: Mapping[str, str] = {
    **{each.value: f"上报材料 {{object}}：{each.label}[，原因：{{reason}}]" for each in FilingAction},
    "upload_filing_file": "上报材料 {object}：上传材料[「{about}」]",
    "remove_filing_file": "上报材料 {object}：撤下材料[「{about}」]",
    "confirm_filing": "上报材料 {object}：确认[{about}]",
    "build_package": "上报材料 {object}：生成材料包[（第 {package} 份）]",
    "receive_package": "上报材料 {object}：上传材料包[（第 {package} 份）]",
    "assign_member": "上报材料 {object}：指定材料[，{about}]",
    "answer_continuity": "说明上年名单的延续情况[：{name}]",
    "draft_evaluation": "上报材料 {object}：生成绩效自评报告初稿[（第 {number} 稿）]",
}
_OFFICES: Mapping[str, str] = {
    **{each.value: f"申请 {{object}}：{each.label}[，理由：{{reason}}]" for each in RequestAction},
    **{
        f"change_{each.value}": (
            f"名册 {{object}}：更正{each.label}[（原为 {{old}}）][（改为 {{new}}）][，理由：{{reason}}]"
        )
        for each in RegisterField
    },
    "create_museum": "新建科技馆 {object}[「{name}」]",
    "close_museum": "关闭科技馆 {object}[（{on}）][，理由：{reason}]",
    "reopen_museum": "重新开放科技馆 {object}[，理由：{reason}]",
    "enter_card": "填写 {object} 的《省级科协管理员信息采集表》",
    "confirm_card": "电话确认 {object} 的《省级科协管理员信息采集表》",
}
SENTENCES: Mapping[str, str] = {**_ACCOUNTS, **_DATA, **_SETTINGS, **_REPORTS, **_FILINGS, **_OFFICES}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")
_LONGEST = 80


def sentence_of(record: AuditRecord) -> str:
    """Return what happened, in one sentence without who and when."""
    sentence = SENTENCES.get(record.action)
    if sentence is None:
        return f"{record.action} {record.object}".strip()
    values = _values(record)
    kept = _OPTIONAL.sub(lambda part: part[1] if all(values.get(n) for n in _NAME.findall(part[1])) else "", sentence)
    return _NAME.sub(lambda name: values.get(name[1], ""), kept)


def action_label(action: str) -> str:
    """Return what the filter calls an action: its sentence without what differs from record to record."""
    bare = _OPTIONAL.sub("", SENTENCES.get(action, action))
    return re.sub(
        r"^(报表|上报材料)\s*：", r"\1·", re.sub(r"\s+", " ", _NAME.sub("", bare)).replace(" ：", "：")
    ).strip()


def _values(record: AuditRecord) -> dict[str, str]:
    details: Mapping[str, Any] = record.details if isinstance(record.details, dict) else {}
    values = {name: _text(value) for name, value in details.items()}
    values["object"] = record.object
    values["role_label"] = Role.label_of(values.get("role", ""))
    # PostgreSQL keeps no order of keys.
    fields = [*(name for name in SETTINGS if name in details), *(name for name in details if name not in SETTINGS)]
    values["fields"] = "、".join(SETTINGS.get(name, name) for name in fields)
    values["source"] = SOURCES.get(values.get("source", ""), values.get("source", ""))
    values["reports_count"] = str(len(details.get("reports") or ()) or "")
    return values


def _text(value: object) -> str:
    text = "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
