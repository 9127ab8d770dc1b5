"""What a person recognises a session by: the browser's family, and the first part of the address."""

import ipaddress
import re

# The first that fits: many browsers call themselves by several names.
_FAMILIES = (
    (r"MicroMessenger", "微信"),
    (r"QQBrowser", "QQ 浏览器"),
    (r"360SE|360EE|QIHU", "360 浏览器"),
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"Firefox/", "Firefox"),
    (r"OPR/|Opera", "Opera"),
    (r"(Headless)?Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"Trident|MSIE", "IE"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"iPhone|iPad", "iOS"),
    (r"HarmonyOS", "鸿蒙"),
    (r"Android", "Android"),
    (r"Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)


def browser_of(header: str) -> str:
    """Return 「Chrome · Windows」; 「其他浏览器」 for what says nothing known."""
    header = header[:400]
    family = next((name for pattern, name in _FAMILIES if re.search(pattern, header)), "其他浏览器")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, header)), "")
    return f"{family} · {system}" if system else family


def shortened(address: str) -> str:
    """Return an address without its last part: 192.0.2.*, 2001:db8:0:1:*."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return ".".join(str(found).split(".")[:3]) + ".*"
    return ":".join(part.lstrip("0") or "0" for part in found.exploded.split(":")[:4]) + ":*"
