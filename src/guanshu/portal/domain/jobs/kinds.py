"""The modules that define jobs and ticks: whoever adds one names its module here.

Imported when the first job runs, not before: some of them load much that pages do not need.
"""

from guanshu.portal.domain import attempts, housekeeping, scanholding, trailing  # noqa: F401
from guanshu.portal.domain.filing import packing  # noqa: F401
from guanshu.portal.domain.reminding import ticks  # noqa: F401
from guanshu.portal.domain.resetting import ticks as resetting_ticks  # noqa: F401
from guanshu.portal.domain.sealing import ticks as seal_ticks  # noqa: F401
