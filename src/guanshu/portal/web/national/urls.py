"""The nation's pages."""

from django.urls import path

from guanshu.portal.web.national import (
    accounts,
    campaign,
    export,
    lists,
    museums,
    publishing,
    reading,
    submissions,
    views,
)

app_name = "national"
urlpatterns = [
    path("", views.home, name="home"),
    path("museums/", views.museums, name="museums"),
    path("museums/<str:code>/", museums.museum, name="museum"),
    path("museums/<str:code>/extend/", museums.extend, name="extend"),
    path("reports/<str:number>/act/<str:word>/", museums.action, name="act"),
    path("reports/<str:number>/", reading.report, name="report"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:username>/<slug:word>/", accounts.act, name="account_act"),
    path("reminders/", views.reminders, name="reminders"),
    path("submissions/", submissions.submissions, name="submissions"),
    path("submissions/<str:number>/", submissions.submission, name="submission"),
    path("submissions/<str:number>/act/<str:word>/", submissions.act, name="submission_act"),
    path("exemptions/", museums.exemptions, name="exemptions"),
    path("campaign/", campaign.settings, name="campaign"),
    path("notices/", publishing.page, name="notices"),
    path("notices/publish/", publishing.publish, name="publish"),
    path("notices/<int:pk>/withdraw/", publishing.withdraw, name="withdraw"),
    path("notices/contacts/", publishing.contact, name="contact"),
    path("notices/footer/", publishing.footer, name="footer"),
    path("data/export/", export.export, name="export"),
    path("lists/", lists.lists, name="lists"),
]
