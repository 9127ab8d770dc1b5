"""Sends spoilt requests to every address as everybody: `python tools/fuzz_forms.py --requests 20000 [--seed 1]`.

A number in the report with its seed brings the same request back. Status 1 when any of them got a 500.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import pytest

TEST = Path(__file__).parents[1] / "tests/portal/walls/test_fuzz_forms.py"


def main() -> int:
    """Run the test of that name with so many requests and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, help="where the report grows while the run goes on")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        report = (given.report or Path(place) / "report.txt").resolve()
        os.environ |= {
            "GUANSHU_FUZZ_REQUESTS": str(given.requests),
            "GUANSHU_FUZZ_SEED": str(given.seed),
            "GUANSHU_FUZZ_REPORT": str(report),
        }
        status = pytest.main(["-n0", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", f"{TEST}", "-k", "sent"])
        print(report.read_text() if report.exists() else "no report: the run did not get that far")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
