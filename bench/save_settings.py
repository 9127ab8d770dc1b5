"""The portal's settings with the bare view of bench/save.py beside its own."""

from guanshu.portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.save_bare"
LOGGING = {"version": 1, "disable_existing_loggers": True}
