"""A worker with a kind of job of its own, for the test that kills it. `python -m tests.portal.jobs.slow`."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guanshu.commands.setup import start_django


def main() -> None:
    """Register the kind and work like `guanshu worker`."""
    start_django()
    from guanshu.portal.domain.jobs import Progress, job
    from guanshu.portal.domain.jobs.working import work
    from guanshu.portal.models import Job

    @job("slow")
    def slow(found: Job, progress: Progress) -> Mapping[str, Any]:
        marks = Path(found.arguments["marks"])
        marks.write_text(f"{found.tries}\n")
        progress(1, 2, "正在做")
        time.sleep(found.arguments["seconds"] if found.tries == 1 else 0)
        return {"tries": found.tries}

    work()


if __name__ == "__main__":
    main()
