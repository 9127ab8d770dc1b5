"""The museum's pages."""

from django.urls import path

from guanshu.portal.web.museum import table_page, views

app_name = "museum"
urlpatterns = [
    path("", views.home, name="home"),
    path("tables/<str:number>/", table_page.table, name="table"),
    path("check/", views.check, name="check"),
]
