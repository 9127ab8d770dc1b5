"""Spoilt requests to every address: seeded, so that a number brings the same request back."""

import json
import random
import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from guanshu.portal.models import Account
from guanshu.portal.permissions import area_of
from tests.survey.intake import makers

BACKEND = "guanshu.portal.web.accounts.backend.AccountBackend"
GENERIC = (
    "year",
    "q",
    "page",
    "after",
    "before",
    "id",
    "next",
    "action",
    "reason",
    "until",
    "file",
    "request",
    "changes",
)
TEXTS: tuple[str, ...] = (
    *("", " ", "\x00", "a\x00b", "x" * 300, "字" * 70000, "-1", "0", "1", "9" * 40, "1e999", "NaN", "-0", "1,000", "１２３"),
    *("١٢٣", "𝟘", "😀" * 50, "\u202eabc", "\ufeff", "é", "' OR 1=1 --", '"><script>alert(1)</script>', "{{7*7}}", "{% x %}"),
    *("../../etc/passwd", "C:\\x", "2023-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "2022", "2023-02-04", "true"),
    *("null", "[]", "{}", '{"na": true}', "[" * 3000, '["k1","k1"]', "\r\nX: y", "%00", "%ff%fe", "1" * 5000, "on", "¼"),
    *("2022-130600001", "130600001", "B130600001", "land_area", "shows.rows", "shows[k1].title", "13800138000", "approve"),
    *("00000000-0000-0000-0000-000000000000", "١٢-٣٤", "²", "1_000", "0x10", "+1", "1 ", "Ⅷ", "inf", "1.5", "1;2", "a,b,,"),
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    *({}, {}, {}, {"Accept": "application/json"}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Current-URL": "\\//[bad"}),
    *({"Accept": "x" * 5000}, {"X-Forwarded-For": "a, b, \x7f"}, {"Referer": "http://[::1"}, {"Accept-Language": "??;q=x"}),
    *({"Range": "bytes=9999999-1,-"}, {"If-None-Match": '"x'}, {"If-Modified-Since": "never"}, {"Cookie": "sessionid=\x7f; a=b"}),
    *({"HX-History-Restore-Request": "true", "HX-Request": "true"}, {"Content-Encoding": "gzip"}, {"X-Requested-With": "x"}),
)  # fmt: skip
TYPES = (
    *("application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data", "image/png"),
    *("multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=nothing", "x/" + "y" * 300, ""),
)
FILES: tuple[bytes, ...] = (
    *(b"", b"\x00" * 2000, b"PK\x03\x04" + bytes(60), b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff" + bytes(99), b"MZ" + bytes(99)),
    *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"a,b\r\n1,2", "馆名,账号\n保定,x".encode("gbk"), b"\xef\xbb\xbf\xff"),
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One request: what brings it back, and what came of it."""

    number: int
    who: str
    method: str
    path: str
    status: int
    seconds: float
    error: str = ""


class Names(HTMLParser):
    """The fields of a page's forms by their target, and the parameters of its links."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = self.target = path
        self.fields: dict[str, set[str]] = {}
        self.parameters: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.target = urlsplit(given.get("action") or self.path).path
        elif tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.fields.setdefault(self.target, set()).add(str(given["name"]))
        elif tag == "a":
            self.parameters |= {name for name, _ in parse_qsl(urlsplit(given.get("href") or "").query)}


@dataclass
class Fuzzer:
    """Sends spoilt requests as everybody to every address; whatever one does is taken back."""

    people: Mapping[str, Account]
    paths: Sequence[str]
    seed: int
    fields: dict[str, set[str]] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=lambda: set(GENERIC))

    def learn(self) -> None:
        """Read every page as everybody, for the names of its fields."""
        for path in self.paths:
            for who in self._welcome(path):
                answer = self._ask(who, "GET", path, {})
                if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", ""):
                    names = Names(path)
                    names.feed(answer.content.decode())
                    self.parameters |= names.parameters
                    for target, found in names.fields.items():
                        self.fields.setdefault(target, set()).update(found - {"csrfmiddlewaretoken"})

    def run(self, count: int) -> Iterator[Sent]:
        """Yield what became of each request."""
        for number in range(count):
            yield self.send(number)

    def send(self, number: int) -> Sent:
        """Send the request of this number."""
        rng = random.Random(f"{self.seed}-{number}")
        path = self.paths[number % len(self.paths)]
        who = rng.choice(self._welcome(path) if rng.random() < 0.85 else ["", *self.people])
        method = rng.choices(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"], [35, 55, 2, 2, 3, 3])[0]
        options: dict[str, Any] = {"headers": rng.choice(HEADERS)}
        if rng.random() < 0.04:
            path = spoilt_path(rng, path)
        if method in {"GET", "HEAD"} or rng.random() < 0.2:
            path += "?" + "&".join(f"{name}={quote(text(rng)[:3000])}" for name in self._names(rng, self.parameters))
        if method == "POST":
            options |= self._body(rng, urlsplit(path).path)
        began = time.monotonic()
        answer = self._ask(who, method, path, options)
        seconds = time.monotonic() - began
        error = repr(getattr(answer, "exc_info", None) and answer.exc_info[1]) if answer.status_code >= 500 else ""
        return Sent(number, who or "anonymous", method, path[:300], answer.status_code, seconds, error)

    def _welcome(self, path: str) -> list[str]:
        """Return who may enter the area of an address: what lies behind the gate is what is to be tried."""
        area = area_of(path)
        if area is None or area.roles is None:
            return ["", *self.people]
        return [who for who, account in self.people.items() if account.role in area.roles] or [""]

    def _names(self, rng: random.Random, known: set[str]) -> list[str]:
        offered = sorted(known | {"x", "seen:land_area", "land_area"})
        return [rng.choice(offered) for _ in range(rng.randint(0, 6))]

    def _body(self, rng: random.Random, path: str) -> dict[str, Any]:
        kind = rng.random()
        if kind < 0.25:
            return {"data": spoilt_json(rng), "content_type": "application/json"}
        if kind < 0.32:
            return {"data": rng.randbytes(rng.choice([0, 10, 3000])), "content_type": rng.choice(TYPES)}
        known = self.fields.get(path, set()) or self.parameters
        fields: dict[str, Any] = {name: text(rng) for name in known if rng.random() < 0.8}
        for name in self._names(rng, known):
            fields[name] = [text(rng) for _ in range(rng.randint(1, 3))]
        if kind > 0.6:
            for name in ("file", "files", rng.choice(sorted(known))):
                fields[name] = a_file(rng)
        return {"data": fields}

    def _ask(self, who: str, method: str, path: str, options: dict[str, Any]) -> Any:
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            if who:
                client.force_login(self.people[who], backend=BACKEND)
            data, kind = options.get("data"), options.get("content_type")
            headers = options.get("headers")
            if method == "POST" and kind is None:
                answer = client.post(path, data or {}, headers=headers)
            else:
                body = data if isinstance(data, bytes) else b""
                answer = client.generic(method, path, body, content_type=kind or "text/html", headers=headers)
            b"".join(answer)
            transaction.set_rollback(True)
        return answer


def text(rng: random.Random) -> str:
    """Return a value nobody should send, or one that is nearly right."""
    if rng.random() < 0.15:
        return "".join(chr(rng.choice([rng.randint(1, 127), rng.randint(0x4E00, 0x9FFF), rng.randint(0x1F300, 0x1F6FF)])) for _ in range(rng.randint(1, 40)))  # fmt: skip
    return rng.choice(TEXTS)


def a_file(rng: random.Random) -> SimpleUploadedFile:
    """Return an upload of any kind under any name."""
    data = rng.choice([*FILES, makers.pdf(1), makers.picture(), makers.make_zip({"a.txt": b"x"})])
    name = rng.choice(
        ["a.pdf", "a.docx", "../../x.zip", "名单.xlsx", "a.csv", "x" * 300 + ".pdf", "a\u202e.exe", ".", "a"]
    )
    upload = SimpleUploadedFile("x", data, content_type=rng.choice(["application/pdf", "text/html", "x" * 300, ""]))
    # Past what Django would not even construct.
    upload._name = name
    return upload


def spoilt_path(rng: random.Random, path: str) -> str:
    """Return an address with a part that does not belong there."""
    parts = path.split("/")
    parts[rng.randrange(1, len(parts))] = quote(text(rng)[:200], safe="")
    return "/".join(parts)


def spoilt_json(rng: random.Random) -> bytes:
    """Return a save request with something wrong in it."""

    def value(depth: int = 0) -> Any:
        kind = rng.random()
        if depth < 4 and kind < 0.2:
            return [value(depth + 1) for _ in range(rng.randint(0, 3))]
        if depth < 4 and kind < 0.4:
            return {text(rng)[:50]: value(depth + 1) for _ in range(rng.randint(0, 3))}
        return rng.choice([None, True, 0, -1, 1e308, 10**30, text(rng)])

    if rng.random() < 0.15:
        return rng.choice(
            [b"", b"{", b"[" * 20000, b"\xff\xfe", b'{"request": NaN}', b'{"a":1,"a":2}', b"null", b'"x"']
        )
    addresses = [
        "land_area",
        "shows.rows",
        "shows[k1].title",
        "1-1.na",
        "1-1-01",
        "x" * 200,
        "shows[].x",
        "[",
        "a[b[c]]",
    ]
    changes = {
        rng.choice(addresses): rng.choice([[value(), value()], [value()], value()]) for _ in range(rng.randint(0, 4))
    }
    body = {
        "request": rng.choice([uuid.UUID(int=rng.getrandbits(128)).hex, value()]),
        "changes": rng.choice([changes, value()]),
    }
    return re.sub(r"Infinity|NaN", "1e999", json.dumps(body)).encode("utf-8", "replace")
