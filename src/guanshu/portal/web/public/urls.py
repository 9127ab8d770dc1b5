"""Pages for everybody."""

from django.urls import path

from guanshu.portal.web.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("outbox/", views.outbox, name="outbox"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
