"""The nation's pages."""

from django.urls import path

from guanshu.portal.web.national import export, views

app_name = "national"
urlpatterns = [
    path("", views.home, name="home"),
    path("museums/", views.museums, name="museums"),
    path("data/export/", export.export, name="export"),
]
