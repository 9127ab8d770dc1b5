"""The province's pages."""

from django.urls import path

from guanshu.portal.web.province import views

app_name = "province"
urlpatterns = [
    path("status/", views.status, name="status"),
    path("accounts/", views.accounts, name="accounts"),
]
