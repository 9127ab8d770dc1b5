"""Starts Django for the commands that need the database."""

import os

from guanshu.commands.shared import WrongUse


def start_django() -> None:
    """Set Django up with the portal's settings. Raises WrongUse when the settings are refused as insecure or wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanshu.portal.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise WrongUse(f"运行环境的设置不完整或不安全：{error}（试用请设置 GUANSHU_DEMO=1）") from error
