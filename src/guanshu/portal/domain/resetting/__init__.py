"""短信重置: a code to the phone on record, and a new password with it (decision 0018)."""

from guanshu.portal.domain.resetting.asking import Asked, ask_code
from guanshu.portal.domain.resetting.limits import PAUSE, VALID
from guanshu.portal.domain.resetting.using import check_password_shape, use_code

__all__ = ["PAUSE", "VALID", "Asked", "ask_code", "check_password_shape", "use_code"]
