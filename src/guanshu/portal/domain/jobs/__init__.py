"""Work behind the pages: asked for in the transaction of what needs it, run by the worker, watched by a page."""

from guanshu.portal.domain.jobs.registry import Progress, job
from guanshu.portal.domain.jobs.running import run_waiting
from guanshu.portal.domain.jobs.starting import start_job
from guanshu.portal.domain.jobs.ticking import every_minute, tick

__all__ = ["Progress", "every_minute", "job", "run_waiting", "start_job", "tick"]
