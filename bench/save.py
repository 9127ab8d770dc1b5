"""Saving with all checks of its table against a bare Django view that stores the same JSON.

Baseline: the same middleware, session, account and CSRF check, then one committed UPDATE of the table's document and a
JSON answer of the same size class. Both views run in one gunicorn (as `guanshu run` starts it) on the database of
GUANSHU_DATABASE_URL (a new SQLite file without it), by turns; the figure is the median of the ratios of neighbouring
rounds. The report is a whole free-opening museum with last year's report.

    python tools/with_sqlite.py python bench/save.py
    python tools/with_postgres.py python bench/save.py
"""

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
ROUNDS, REQUESTS = 12, 60
TABLE, CELL = "2-2", "staff_establishment__senior"
TARGET, P95 = 0.5, 60.0
TOKEN = "b" * 32


class Client:
    """One browser on a connection of its own."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        self._seen = ""

    def post(self, path: str, number: int) -> float:
        """Change one cell and return the milliseconds until the answer was read."""
        new = str(number % 7 + 1)
        body = json.dumps({"request": str(uuid.uuid4()), "changes": {CELL: [self._seen, new]}})
        began = time.perf_counter()
        status, answer = self._send(path, body)
        took = (time.perf_counter() - began) * 1000
        if status != 200:
            raise RuntimeError(f"{path}: {status} {answer[:500].decode()}")
        if path != BARE:
            self._seen = json.loads(answer)["saved"][CELL]["stored"]
        return took

    def _send(self, path: str, body: str) -> tuple[int, bytes]:
        try:
            self._connection.request("POST", path, body, self._headers)
            response = self._connection.getresponse()
        except ConnectionError:
            # Kept open too long; a browser sends again as well.
            self._connection.close()
            self._connection.request("POST", path, body, self._headers)
            response = self._connection.getresponse()
        return response.status, response.read()


REAL, BARE = f"/museum/tables/{TABLE}/", "/museum/bare/"


@contextmanager
def server(port: int) -> Iterator[None]:
    """Run gunicorn as `guanshu run` does, with the bare view beside the real ones."""
    from guanshu.commands.run import server_command

    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.save_settings", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", *server_command("127.0.0.1", port, 2)]
    process = subprocess.Popen(command, env=environ, start_new_session=True)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def run_round(clients: list[Client], path: str) -> tuple[float, list[float]]:
    """Let every client send its requests at once; return requests a second and all times."""
    times: list[float] = []
    failed: list[BaseException] = []

    def work(client: Client) -> None:
        try:
            times.extend([client.post(path, number) for number in range(REQUESTS // len(clients))])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return len(times) / (time.perf_counter() - began), times


def measure(port: int, sessions: list[str]) -> tuple[float, float]:
    """Print the figures for so many museums at once; return the ratio and the p95 of a save."""
    clients = [Client(port, session) for session in sessions]
    for path in (REAL, BARE):
        run_round(clients, path)
    real, bare, ratios, saves, bares = [], [], [], [], []
    for _ in range(ROUNDS):
        rate, times = run_round(clients, REAL)
        other, bare_times = run_round(clients, BARE)
        real.append(rate)
        bare.append(other)
        saves.extend(times)
        bares.extend(bare_times)
        ratios.append(rate / other)
    ratio, p95 = statistics.median(ratios), statistics.quantiles(saves, n=20)[18]
    print(
        f"{len(sessions):2} at once: save {statistics.median(real):6.0f}/s, bare {statistics.median(bare):6.0f}/s, "
        f"ratio {ratio:.2f}; a save p50 {statistics.median(saves):.1f} ms, p95 {p95:.1f} ms "
        f"(bare {statistics.median(bares):.1f}, {statistics.quantiles(bares, n=20)[18]:.1f})"
    )
    return ratio, p95


def main() -> int:
    """Prepare a database, measure, and return 1 when a target is missed."""
    os.environ.setdefault("GUANSHU_DEMO", "1")
    os.environ.setdefault("GUANSHU_TODAY", "2023-02-04")
    with tempfile.TemporaryDirectory(prefix="guanshu-bench-") as place:
        os.environ.setdefault("GUANSHU_VAR", place)
        os.environ.setdefault("GUANSHU_DATABASE_URL", f"sqlite:///{place}/bench.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "guanshu.portal.settings"
        from bench.save_data import prepare

        sessions = prepare(museums=9)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        with server(port):
            ratio, p95 = measure(port, sessions[:1])
            together, _ = measure(port, sessions[1:])
    met = min(ratio, together) >= TARGET and p95 <= P95
    print(f"targets: ratio ≥ {TARGET}, p95 of one user ≤ {P95:.0f} ms: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
