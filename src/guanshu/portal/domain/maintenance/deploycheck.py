"""Is this installation safe to open to the country: settings, keys, files, database, clock.

`guanshu run` refuses what can never be right; this looks at what only a person can set right, before the first day.
"""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from guanshu.portal import audit
from guanshu.portal.domain.maintenance.database import is_demo
from guanshu.portal.models import DUTY_ROLES, Account, AuditRecord, Role
from guanshu.portal.sms import backend

_DEFAULT_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
_YEAR = 31536000
_FEWEST_CHARACTERS = 12
_SKEW = timedelta(seconds=5)
_SECRET, _DATA = "GUANSHU_SECRET_KEY", "GUANSHU_DATA_KEYS"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to set right. `code` is for programs; a hint (`problem` False) may be right where it is."""

    code: str
    sentence: str
    problem: bool = True


def check_deployment(*, environ: Mapping[str, str], env_files: Sequence[Path], now: datetime) -> list[Point]:
    """Return what is to be set right; nothing when the installation may be opened."""
    found = [
        *_modes(environ),
        *_web(environ),
        *_keys(),
        *(point for file in env_files for point in _env_file(file)),
        *_places(),
    ]
    try:
        found += _database(now)
    except DatabaseError as error:
        found.append(Point("database", f"数据库不能使用（{type(error).__name__}），请检查 GUANSHU_DATABASE_URL。"))
    return found


def _modes(environ: Mapping[str, str]) -> Iterator[Point]:
    if settings.DEMO:
        yield Point("demo", "正在演示模式（GUANSHU_DEMO=1）：演示密码人人可用。请去掉这项设置，使用新的数据库。")
    if settings.DEBUG:
        yield Point("debug", "调试模式（DEBUG）开着，出错时会显示程序内部内容。请关闭。")
    if settings.GUANSHU_TODAY or environ.get("GUANSHU_TODAY"):
        yield Point("today", "业务日期被固定（GUANSHU_TODAY），截止日期不会到来。请去掉这项设置。")
    used = backend()
    if not used.reaches_phones:
        yield Point("sms", f"短信通道是「{used.label}」，短信到不了手机。请把 GUANSHU_SMS 设为真实的短信通道。")
    if not settings.GUANSHU_SECOND_FACTOR:
        yield Point("second_factor", "全国账号和安全审计员登录没有要求动态口令。请启用第二重验证。")
    if not settings.GUANSHU_CLAMD:
        yield Point("clamd", "没有设置病毒扫描（GUANSHU_CLAMD）。上传文件只做格式检查。", problem=False)
    elif not settings.GUANSHU_CLAMD_REQUIRED:
        text = "病毒扫描不可用时文件照常接收。要求必须扫描请设 GUANSHU_CLAMD_REQUIRED=1。"
        yield Point("clamd_required", text, problem=False)


def _web(environ: Mapping[str, str]) -> Iterator[Point]:
    if not getattr(settings, "SESSION_COOKIE_SECURE", False) or environ.get("GUANSHU_PLAIN_HTTP") == "1":
        yield Point("plain_http", "登录信息可以经明文 HTTP 传送。请去掉 GUANSHU_PLAIN_HTTP，由 nginx 提供 HTTPS。")
    elif getattr(settings, "SECURE_HSTS_SECONDS", 0) < _YEAR:
        yield Point("hsts", "没有要求浏览器一年内只用 HTTPS（HSTS）。")
    hosts = {host for host in settings.ALLOWED_HOSTS if host}
    if any(host.startswith(("*", ".")) for host in hosts):
        yield Point("hosts", "GUANSHU_HOSTS 含有通配符，任何域名都能冒用本站。请写明域名。")
    elif not hosts - _DEFAULT_HOSTS or "testserver" in hosts:
        yield Point("hosts", "GUANSHU_HOSTS 还是默认值。请写明本站的域名，如 sjcj.example.cn。")
    if any(not origin.startswith("https://") or "*" in origin for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield Point("origins", "GUANSHU_ORIGINS 里有不是 https:// 开头或带通配符的来源。请只写 https 的本站地址。")
    if "GUANSHU_PROXIES" not in environ:
        text = "没有设置 GUANSHU_PROXIES：在 nginx 之后所有人会被当成同一个地址，一个人输错密码会挡住所有人。"
        yield Point("proxies", f"{text}有一层 nginx 请设为 1。")


def _keys() -> Iterator[Point]:
    secret, data = str(settings.SECRET_KEY), list(settings.GUANSHU_DATA_KEYS)
    pages = dict(settings.GUANSHU_PAGE_KEYS)
    for name, keys in (
        ("GUANSHU_SECRET_KEY", [secret]),
        ("GUANSHU_DATA_KEYS", data),
        ("GUANSHU_PAGE_KEYS", list(pages.values())),
    ):
        if any(len(set(key)) < _FEWEST_CHARACTERS or _repeats(key) for key in keys):
            yield Point("weak_key", f"{name} 太简单，可以猜出。请用 docs/operation.md 中的命令重新生成。")
    everything = [secret, *data, *pages.values()]
    if len(set(everything)) != len(everything):
        yield Point("equal_keys", "几把密钥相同：登录、个人信息、页码二维码必须各用各的密钥。请分别重新生成。")


def _repeats(key: str) -> bool:
    """Return whether a key is a short piece again and again."""
    return any(key == (key[:size] * (len(key) // size + 1))[: len(key)] for size in range(1, len(key) // 2 + 1))


def _env_file(path: Path) -> Iterator[Point]:
    try:
        text, mode = path.read_text(encoding="utf-8", errors="replace"), path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError:
        yield Point("env_file", f"{path} 读不到，无法检查其中的密钥。请以能读它的用户运行本命令。", problem=False)
        return
    names = {line.partition("=")[0].removeprefix("export ").strip() for line in text.splitlines()}
    if mode & 0o077:
        yield Point("env_file_mode", f"{path} 别的用户也能读。请运行 chmod 600 {path}。")
    if {_SECRET, _DATA} <= names:
        yield Point("same_file", f"{path} 同时存有登录密钥和个人信息密钥，一份文件丢失就全部失守。请分成两个文件。")


def _places() -> Iterator[Point]:
    storages: Mapping[str, Any] = settings.STORAGES
    files = Path(str(storages["default"]["OPTIONS"]["location"]))
    database = Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None
    var = files.parent
    for place in (var, files, *([database, database.parent] if database else [])):
        if place.exists() and stat.S_IMODE(place.stat().st_mode) & 0o007:
            yield Point("world_readable", f"{place} 别的用户也能进入或读取。请运行 chmod o-rwx {place}。")
    if database is not None:
        yield Point("sqlite", "使用 SQLite：只能在一台主机上运行；多台主机请用 PostgreSQL。", problem=False)
    log = Path(str(settings.GUANSHU_SEALS))
    inside = {var.resolve(), *([database.resolve().parent] if database else [])}
    if inside & set(log.resolve().parents):
        text = f"封印日志 {log} 与数据放在一处，改写数据的人也能改写它。"
        yield Point("seals_place", f"{text}请用 GUANSHU_SEALS 放到另一处，最好是另一台主机的目录。")
    if not _writable(log):
        yield Point("seals_write", f"封印日志 {log} 不能写入。请检查 GUANSHU_SEALS 和目录的权限。")


def _writable(path: Path) -> bool:
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    there = next((parent for parent in path.parents if parent.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK)


def _database(now: datetime) -> Iterator[Point]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Point("migrations", "数据库结构不是最新。请运行 guanshu migrate。")
        return
    if not audit.armed(connection):
        yield Point("triggers", "防篡改触发器不完整，记录可以被改写。请运行 guanshu migrate。")
    if is_demo():
        yield Point("demo_data", "这个数据库是 guanshu demo 建立的，账号密码是公开的。请使用新的数据库。")
    here = _database_now() or now
    if abs(here - now) > _SKEW:
        seconds = round(abs(here - now).total_seconds())
        yield Point("clock", f"本机与数据库的时间相差 {seconds} 秒。请用时间同步服务（chrony）校准。")
    last = AuditRecord.objects.aggregate(last=Max("at"))["last"]
    if last is not None and last > now + _SKEW:
        yield Point("clock", "有记录的时间在现在之后，本机时间可能慢了或曾经快过。请校准时间。", problem=False)
    for role, label in ((Role.SYSTEM, "系统管理员"), (Role.AUDITOR, "安全审计员")):
        if not Account.objects.filter(role=role.value, is_active=True).exists():
            yield Point("duties", f"还没有{label}账号。请用 guanshu create-admin 建立。", problem=False)
    nameless = Account.objects.filter(role__in=DUTY_ROLES, is_active=True, phone_mark="")
    if nameless.exists():
        names = "、".join(nameless.order_by("username").values_list("username", flat=True))
        yield Point("duty_phones", f"{names} 没有登记手机号，无法核对三种职责不由一人兼任。请登记持有人。")


def _database_now() -> datetime | None:
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found.astimezone(UTC)
