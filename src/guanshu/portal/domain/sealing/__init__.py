"""Seals: once a minute the ends of all chains are written into a chain of their own, and into a file elsewhere."""

from guanshu.portal.domain.sealing.log import LoggedSeal, read_log
from guanshu.portal.domain.sealing.sealing import seal

__all__ = ["LoggedSeal", "read_log", "seal"]
