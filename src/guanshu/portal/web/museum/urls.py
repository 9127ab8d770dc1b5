"""The museum's pages."""

from django.urls import path

from guanshu.portal.web.museum import (
    account_page,
    comment_page,
    corrections_page,
    file_page,
    history_page,
    review_page,
    stamp_page,
    submit_page,
    table_page,
    views,
)

app_name = "museum"
urlpatterns = [
    path("", views.home, name="home"),
    path("tables/<str:number>/", table_page.table, name="table"),
    path("check/", views.check, name="check"),
    path("submit/", submit_page.submit, name="submit"),
    path("review/", review_page.review, name="review"),
    path("comments/", comment_page.write, name="comment"),
    path("comments/<int:comment>/reply/", comment_page.reply, name="reply"),
    path("comments/<int:comment>/withdraw/", comment_page.withdraw, name="withdraw_comment"),
    path("stamp/", stamp_page.stamp, name="stamp"),
    path("stamp/upload/", stamp_page.upload, name="stamp_upload"),
    path("stamp/again/", stamp_page.again, name="stamp_again"),
    path("stamp/confirm/", stamp_page.confirm, name="stamp_confirm"),
    path("versions/<int:number>/pdf/", stamp_page.version, name="version"),
    path("files/<str:purpose>/", file_page.upload, name="file"),
    path("files/<str:purpose>/confirm/", file_page.confirm, name="file_confirm"),
    path("files/<str:purpose>/remove/", file_page.remove, name="file_remove"),
    path("files/<str:purpose>/template/", file_page.template, name="file_template"),
    path("files/<str:purpose>/draft/", file_page.draft, name="file_draft"),
    path("account/", account_page.account, name="account"),
    path("account/replace/", account_page.replace, name="replace"),
    path("corrections/", corrections_page.index, name="corrections"),
    path("corrections/<str:number>/withdraw/", corrections_page.withdraw, name="correction_withdraw"),
    path("history/", history_page.record, name="history"),
    path("history/receipts/<int:place>/", history_page.receipt, name="receipt"),
]
