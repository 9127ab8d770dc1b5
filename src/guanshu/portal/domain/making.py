"""Documents that can be made again at any time, kept so that they need not be."""

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guanshu.portal.domain import vault
from guanshu.portal.domain.outside import run_outside


def make_and_keep(path: Path, job: str, given: Mapping[str, Any]) -> bytes:
    """Return what the job makes in a process of its own, and keep it at `path`. Raises BadFile, OutsideFailed."""
    made = run_outside(job, given)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{uuid.uuid4().hex}{vault.PART}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(made)
    vault.settle(fresh, path)
    return made
