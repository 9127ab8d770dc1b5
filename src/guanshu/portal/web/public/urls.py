"""Pages for everybody."""

from django.urls import path

from guanshu.portal.web.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("guide/", views.guide, name="guide"),
    path("publications/<slug:kind>.<slug:suffix>", views.publication, name="publication"),
    path("verify/", views.verify, name="verify"),
    path("verify/<path:code>", views.verify, name="verify_code"),
    # Printed codes hold the address in capitals, which take fewer modules.
    path("VERIFY/<path:code>", views.verify),
    path("outbox/", views.outbox, name="outbox"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
