"""A gateway's stand-in on 127.0.0.1; signatures are recomputed here, from the bytes that came."""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlsplit


@dataclass
class Received:
    """One request as it came."""

    method: str
    path: str
    query: str
    headers: Message
    body: bytes

    @property
    def values(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class StandIn:
    """What it answers, after how long, and what came."""

    url: str
    status: int = 200
    answer: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    delay: float = 0
    received: list[Received] = field(default_factory=list)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Run it for the length of a test."""

    class Handler(BaseHTTPRequestHandler):
        place: ClassVar[StandIn]

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.place.received.append(Received(self.command, parts.path, parts.query, self.headers, body))
            time.sleep(self.place.delay)
            answer = self.place.answer
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            try:
                self.send_response(self.place.status)
                for name, value in {**self.place.headers, "Content-Length": str(len(data))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                # The other side did not want to wait.
                return

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.place = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Handler.place
    finally:
        server.shutdown()
        server.server_close()


def check_acs3(received: Received, key: str, secret: str) -> None:
    """Check the signature ACS3-HMAC-SHA256 of a request to Alibaba Cloud."""
    found = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})",
        received.headers["Authorization"],
    )
    assert found, received.headers["Authorization"]
    assert found[1] == key
    names = found[2].split(";")
    assert names == sorted(names)
    assert {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce"} <= set(names)
    digest = hashlib.sha256(received.body).hexdigest()
    assert received.headers["x-acs-content-sha256"] == digest
    pairs = sorted(parse_qsl(received.query, keep_blank_values=True))
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    lines = "".join(f"{name}:{str(received.headers[name]).strip()}\n" for name in names)
    request = "\n".join([received.method, received.path, query, lines, found[2], digest])
    told = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    assert hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest() == found[3]
    at = datetime.strptime(received.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60


def check_tc3(received: Received, key: str, secret: str) -> None:
    """Check the signature TC3-HMAC-SHA256 of a request to Tencent Cloud."""
    found = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=([^/]+)/([0-9-]+)/sms/tc3_request, "
        r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})",
        received.headers["Authorization"],
    )
    assert found, received.headers["Authorization"]
    assert found[1] == key
    stamp = int(received.headers["X-TC-Timestamp"])
    assert abs(time.time() - stamp) < 60
    assert found[2] == datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    names = found[3].split(";")
    assert {"content-type", "host"} <= set(names)
    lines = "".join(f"{name}:{str(received.headers[name]).strip().lower()}\n" for name in names)
    digest = hashlib.sha256(received.body).hexdigest()
    request = "\n".join([received.method, received.path or "/", received.query, lines, found[3], digest])
    scope = f"{found[2]}/sms/tc3_request"
    told = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing = f"TC3{secret}".encode()
    for part in (found[2], "sms", "tc3_request"):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    assert hmac.new(signing, told.encode(), hashlib.sha256).hexdigest() == found[4]
