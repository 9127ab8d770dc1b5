"""The audit trail: hashed chains, and the triggers that make their tables append-only."""

from guanshu.portal.audit.chains import hash_of, link, record
from guanshu.portal.audit.triggers import arm, armed, disarm

__all__ = ["arm", "armed", "disarm", "hash_of", "link", "record"]
