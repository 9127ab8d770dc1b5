"""The province's pages."""

from django.urls import path

from guanshu.portal.web.province import case, export, remarks, reminding, review, views

app_name = "province"
urlpatterns = [
    path("status/", views.status, name="status"),
    path("status/<str:number>/", case.case, name="case"),
    path("status/<str:number>/overdue/", case.overdue, name="overdue"),
    path("status/<str:number>/extend/", case.extend, name="extend"),
    path("reminders/", reminding.log, name="reminders"),
    path("reminders/new/", reminding.prepare, name="remind"),
    path("reminders/send/", reminding.send, name="remind_send"),
    path("review/", review.review, name="review"),
    path("review/<str:number>/", review.report, name="report"),
    path("review/<str:number>/act/<str:word>/", review.action, name="act"),
    path("review/<str:number>/comments/", remarks.comments, name="comments"),
    path("review/<str:number>/comments/<int:pk>/withdraw/", remarks.comment_withdraw, name="comment_withdraw"),
    path("review/<str:number>/waivers/", remarks.waive, name="waive"),
    path("review/<str:number>/waivers/<int:pk>/withdraw/", remarks.waiver_withdraw, name="waiver_withdraw"),
    path("review/<str:number>/reveal/", remarks.reveal, name="reveal"),
    path("accounts/", views.accounts, name="accounts"),
    path("data/", export.data, name="data"),
    path("data/export/", export.export, name="export"),
    path("data/<str:number>/", export.museum, name="museum_data"),
]
