"""The province's pages."""

from django.urls import path

from guanshu.portal.web.province import export, views

app_name = "province"
urlpatterns = [
    path("status/", views.status, name="status"),
    path("accounts/", views.accounts, name="accounts"),
    path("data/", export.data, name="data"),
    path("data/export/", export.export, name="export"),
    path("data/<str:number>/", export.museum, name="museum_data"),
]
