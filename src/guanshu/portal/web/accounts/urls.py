"""Logging in and passwords."""

from django.urls import path

from guanshu.portal.web.accounts import reset_page, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("password/", views.password, name="password"),
    path("password-reset/", reset_page.password_reset, name="password_reset"),
]
