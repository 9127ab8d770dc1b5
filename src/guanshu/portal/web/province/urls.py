"""The province's pages."""

from django.urls import path

from guanshu.portal.web.province import case, dashboard, export, papers, remarks, review, views
from guanshu.portal.web.province.lists import (
    check_page,
    continuity_page,
    import_page,
    overview,
    proposal_page,
    table_page,
)

app_name = "province"
urlpatterns = [
    path("status/", views.status, name="status"),
    path("status/<str:number>/", case.case, name="case"),
    path("status/<str:number>/overdue/", case.overdue, name="overdue"),
    path("status/<str:number>/extend/", case.extend, name="extend"),
    path("review/", review.review, name="review"),
    path("review/<str:number>/", review.report, name="report"),
    path("review/<str:number>/act/<str:word>/", review.action, name="act"),
    path("review/<str:number>/comments/", remarks.comments, name="comments"),
    path("review/<str:number>/comments/<int:pk>/withdraw/", remarks.comment_withdraw, name="comment_withdraw"),
    path("review/<str:number>/waivers/", remarks.waive, name="waive"),
    path("review/<str:number>/waivers/<int:pk>/withdraw/", remarks.waiver_withdraw, name="waiver_withdraw"),
    path("review/<str:number>/reveal/", remarks.reveal, name="reveal"),
    path("accounts/", views.accounts, name="accounts"),
    path("materials/", overview.overview, name="materials"),
    path("materials/check/", check_page.check, name="materials_check"),
    path("materials/continuity/", continuity_page.continuity, name="continuity"),
    path("materials/tables/<str:number>/", table_page.table, name="materials_table"),
    path("materials/tables/<str:number>/proposal/", proposal_page.proposal, name="proposal"),
    path("materials/tables/<str:number>/import/", import_page.import_list, name="import_list"),
    path("data/", export.data, name="data"),
    path("data/export/", export.export, name="export"),
    path("data/<str:number>/", export.museum, name="museum_data"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("materials/evaluation/", papers.evaluation, name="evaluation"),
    path("materials/papers/<slug:name>.<slug:kind>", papers.paper, name="paper"),
]
