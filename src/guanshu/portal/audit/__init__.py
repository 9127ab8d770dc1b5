"""The audit trail: hashed chains, and the triggers that make their tables append-only."""

from guanshu.portal.audit.chains import Entry, hash_of, link, record, record_account, record_each
from guanshu.portal.audit.triggers import arm, armed, disarm

__all__ = ["Entry", "arm", "armed", "disarm", "hash_of", "link", "record", "record_account", "record_each"]
