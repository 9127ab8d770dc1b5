"""The pages of 免费开放审核: free museums' reports, and 附件4–5."""

from django.urls import path

from guanshu.portal.web.free import views

app_name = "free"
urlpatterns = [
    path("", views.museums, name="museums"),
    path("reports/<str:number>/", views.report, name="report"),
    path("reports/<str:number>/remarks/", views.remarks, name="remarks"),
    path("reports/<str:number>/remarks/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("lists/", views.lists, name="lists"),
]
