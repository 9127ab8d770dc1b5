"""Run a command with a throw-away PostgreSQL cluster as the database.

Usage: python tools/with_postgres.py COMMAND [ARG ...]

The cluster listens on 127.0.0.1 only, on a free port, and is stopped and removed afterwards. PostgreSQL refuses to run
as root, so as root it runs as the user `postgres`.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl (Debian keeps them off PATH), or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_owner(command: list[str]) -> list[str]:
    """Return the command as it must be run to be allowed: through runuser when we are root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def main() -> int:
    """Start the cluster, run the command, stop the cluster; return the command's exit status."""
    folder = binaries()
    if folder is None:
        print("PostgreSQL is not installed; its tests were left out", file=sys.stderr)
        return 0 if os.environ.get("ALLOW_MISSING") == "1" else 1
    place = Path(tempfile.mkdtemp(prefix="guanshu-pg-"))
    data = place / "data"
    if os.geteuid() == 0:
        shutil.chown(place, "postgres", "postgres")
    port = free_port()
    settings = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{place}' "
        "-c fsync=off -c full_page_writes=off -c max_connections=200"
    )
    quiet = {"stdout": subprocess.DEVNULL, "cwd": place}
    try:
        subprocess.run(
            as_owner(
                [
                    str(folder / "initdb"),
                    "-D",
                    str(data),
                    "-U",
                    "guanshu",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "-A",
                    "trust",
                ]
            ),
            check=True,
            **quiet,
        )
        subprocess.run(
            as_owner(
                [str(folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(place / "log"), "-o", settings, "start"]
            ),
            check=True,
            **quiet,
        )
        environ = {
            **os.environ,
            "GUANSHU_DATABASE_URL": f"postgres://guanshu@127.0.0.1:{port}/postgres",
            "GUANSHU_VAR": str(place / "var"),
        }
        return subprocess.call(sys.argv[1:], env=environ)
    finally:
        subprocess.run(
            as_owner([str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]), check=False, **quiet
        )
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
