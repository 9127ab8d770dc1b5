"""The sealer's minute."""

from guanshu.portal.domain.jobs.ticking import every_minute
from guanshu.portal.domain.sealing.sealing import seal

every_minute(seal)
