"""The auditor's pages."""

from django.urls import path

from guanshu.portal.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
    path("verify/", views.verify, name="verify"),
    path("seals/", views.seal_list, name="seals"),
]
