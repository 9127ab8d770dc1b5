"""The nation's pages."""

from django.urls import path

from guanshu.portal.web.national import views

app_name = "national"
urlpatterns = [
    path("", views.home, name="home"),
    path("museums/", views.museums, name="museums"),
]
