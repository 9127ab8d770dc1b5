"""The pages of operations staff."""

from django.urls import path

from guanshu.portal.web.operations import changes, views

app_name = "operations"
urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/<str:username>/", views.account, name="account"),
    path("accounts/<str:username>/reveal/", views.reveal, name="reveal"),
    path("accounts/<str:username>/unlock/", views.unlock, name="unlock"),
    path("accounts/<str:username>/phone/", changes.change, name="change"),
    path("changes/<uuid:pk>/approve/", changes.approve, name="approve"),
    path("changes/<uuid:pk>/refuse/", changes.refuse, name="refuse"),
    path("changes/<uuid:pk>/recall/", changes.recall, name="recall"),
]
