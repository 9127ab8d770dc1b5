"""Sixteen people logging in at once: how many log-ins a second, and how much memory they take.

The server is gunicorn as `guanshu run` starts it (2 × 32) on the database of GUANSHU_DATABASE_URL. Each
person posts account and password again and again without a session, as on a Monday morning; a log-in is complete: the
guards, one Argon2 hash, a session of its own, a record in the trail. Memory is the proportional set size of the
processes, the greatest seen while it runs less what there was after a few log-ins. CPU a log-in tells what two cores
could do when other work slows the machine down.

    python tools/with_sqlite.py python bench/logins.py
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

PEOPLE, SECONDS = 16, 20.0
LEAST, MOST_MB = 25.0, 300.0
PASSWORD, TOKEN = "Seven brown kettles 7", "b" * 32


def prepare() -> list[str]:
    """Make the accounts."""
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from guanshu.portal.domain.maintenance.database import migrate
    from guanshu.portal.models import Account, Museum, Province, Role

    migrate()
    province = Province.objects.create(code="130000", order=3, name="河北省科协", short_name="河北")
    encoded, names = make_password(PASSWORD), []
    for number in range(PEOPLE):
        museum = Museum.objects.create(code=f"1306000{number:02}", name="示例市科技馆", province=province, level="city")
        account = Account(username=f"B{museum.code}", role=Role.FILLER, museum=museum, password=encoded)
        account.must_change_password, account.password_at = False, timezone.now()
        account.save()
        names.append(account.username)
    return names


def log_in(port: int, name: str) -> None:
    """Log in once, on a connection of its own. Raises RuntimeError when that does not work."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={TOKEN}"}
    form = urlencode({"username": name, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN})
    connection.request("POST", "/login/", form, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 302:
        raise RuntimeError(f"{name}: {response.status}")


def memory(group: int) -> float:
    """Return the megabytes of all processes of a group."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                found = re.search(r"Pss:\s+(\d+)", (entry / "smaps_rollup").read_text())
                total += int(found.group(1)) if found else 0
        except OSError:
            continue
    return total / 1024


def cpu(group: int) -> float:
    """Return the milliseconds of processor time all processes of a group have had."""
    ticks = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                ticks += sum(map(int, (entry / "stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        except OSError:
            continue
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def run(port: int, names: list[str], group: int) -> tuple[float, float, int]:
    """Let everybody log in for a while; return log-ins a second, the growth of memory, and how many failed."""
    before, most, done, failed = memory(group), 0.0, [0] * len(names), 0
    until = time.perf_counter() + SECONDS

    def work(place: int) -> None:
        nonlocal failed
        while time.perf_counter() < until:
            try:
                log_in(port, names[place])
                done[place] += 1
            except (RuntimeError, OSError):
                failed += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(names))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, memory(group))
        time.sleep(0.25)
    return sum(done) / (time.perf_counter() - began), most - before, failed


def main() -> int:
    """Print the figures; 1 when a target was missed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanshu.portal.settings")
    os.environ.setdefault("GUANSHU_DEMO", "1")
    names = prepare()
    from guanshu.commands.run import SERVER_ENVIRONMENT, server_command

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", *server_command("127.0.0.1", port, 2)]
    process = subprocess.Popen(command, env={**os.environ, **SERVER_ENVIRONMENT}, start_new_session=True)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.1)
        for name in names[:8]:
            log_in(port, name)
        before = cpu(process.pid)
        rate, growth, failed = run(port, names, process.pid)
        each = (cpu(process.pid) - before) / max(1.0, rate * SECONDS)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    load = os.getloadavg()[0]
    print(f"{PEOPLE} at once: {rate:.0f} log-ins/s, memory +{growth:.0f} MB, {failed} failed")
    print(f"{each:.0f} ms of processor time a log-in; load {load:.1f}")
    return int(rate < LEAST or growth > MOST_MB or failed > 0)


if __name__ == "__main__":
    sys.exit(main())
