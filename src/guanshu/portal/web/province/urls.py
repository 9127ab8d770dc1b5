"""The province's pages."""

from django.urls import path

from guanshu.portal.web.province import case, export, phrases, remarks, reminding, review, several, views
from guanshu.portal.web.province.lists import (
    check_page,
    continuity_page,
    import_page,
    overview,
    proposal_page,
    table_page,
)
from guanshu.portal.web.province.submission import files, packages, page

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
    path("review/several/", several.several, name="several"),
    path("review/phrases/", phrases.phrases, name="phrases"),
    path("review/<str:number>/", review.report, name="report"),
    path("review/<str:number>/looked/", review.looked, name="looked"),
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
    path("data/export/confirm/", export.confirm, name="export_confirm"),
    path("data/<str:number>/", export.museum, name="museum_data"),
    path("submission/", page.submission, name="submission"),
    path("submission/build/", page.build, name="submission_build"),
    path("submission/upload/", packages.upload, name="submission_upload"),
    path("submission/packages/<int:serial>/assign/", packages.assign, name="assign"),
    path("submission/receipts/<int:place>/", page.receipt, name="filing_receipt"),
    path("submission/packages/<int:serial>/", packages.package, name="package"),
    path("materials/files/", files.index, name="materials_files"),
    path("materials/files/<str:purpose>/", files.file, name="files"),
    path("materials/files/<str:purpose>/remove/", files.remove, name="file_remove"),
    path("materials/files/<str:purpose>/compare/", files.compare, name="compare"),
]
