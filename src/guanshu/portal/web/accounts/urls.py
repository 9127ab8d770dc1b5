"""Logging in, passwords, the second factor, one's own sessions."""

from django.urls import path

from guanshu.portal.web.accounts import factor, reset_page, sessions, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("login/code/", views.code, name="code"),
    path("logout/", views.log_out, name="logout"),
    path("password/", views.password, name="password"),
    path("password-reset/", reset_page.password_reset, name="password_reset"),
    path("second-factor/", factor.page, name="second_factor"),
    path("second-factor/set/", factor.set_up, name="factor_set"),
    path("second-factor/codes/", factor.codes, name="factor_codes"),
    path("second-factor/remove/", factor.remove, name="factor_remove"),
    path("sessions/", sessions.page, name="sessions"),
    path("sessions/left/", sessions.left, name="session_left"),
    path("sessions/stay/", sessions.stay, name="session_stay"),
    path("sessions/others/", sessions.end_all_others, name="sessions_others"),
    path("sessions/<slug:mark>/end/", sessions.end, name="session_end"),
]
