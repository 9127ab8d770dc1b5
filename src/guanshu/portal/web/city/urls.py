"""The pages of 市级查看: a city's museums, their reports, reminders."""

from django.urls import path

from guanshu.portal.web.city import views

app_name = "city"
urlpatterns = [
    path("", views.museums, name="museums"),
    path("reports/<str:number>/", views.report, name="report"),
    path("reminders/", views.log, name="reminders"),
    path("reminders/new/", views.prepare, name="remind"),
    path("reminders/send/", views.send, name="remind_send"),
]
