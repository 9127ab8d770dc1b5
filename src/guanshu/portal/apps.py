"""The portal as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """One app: audiences share models, and nothing is gained by splitting them."""

    name = "guanshu.portal"
    label = "portal"
    verbose_name = "馆数"
