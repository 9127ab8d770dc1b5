"""Entry of the processes: one job, then the end."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from guanshu.survey.intake.verdict import Refused
from guanshu.survey.outside import jobs

REFUSED = 3
_JOBS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    "scan": jobs.scan,
    "glance": jobs.glance,
    "scan_in_order": jobs.scan_in_order,
    "page": jobs.page,
    "report": jobs.report,
    "summary": jobs.summary,
    "package": jobs.package,
    "member": jobs.member,
    "province_list": jobs.province_list,
    "self_evaluation": jobs.self_evaluation,
    "blank_form": jobs.blank_form,
    "guide": jobs.guide,
    "account_slips": jobs.account_slips,
    "administrator_card": jobs.administrator_card,
    "preview": jobs.preview,
}


def main() -> int:
    """Do the job named on the command line."""
    given = json.load(sys.stdin.buffer)
    try:
        done = _JOBS[sys.argv[1]](given)
    except Refused as refused:
        sys.stdout.buffer.write(json.dumps([refused.code, refused.message]).encode())
        return REFUSED
    sys.stdout.buffer.write(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
