"""Every address of the portal × method × visitor: who gets which answer. An address missing from the table fails."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from guanshu.portal.domain.files import store_upload
from guanshu.portal.domain.filing.files import store_filing_file
from guanshu.portal.domain.offices.administrators import enter_card
from guanshu.portal.domain.reporting import comment_on_cell
from guanshu.portal.domain.reporting.remarking import remark_on_report
from guanshu.portal.models import Account, Job, Museum, Notice, Package, Role, Waiver
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.filing.conftest import filing_of, with_filings
from tests.portal.offices.conftest import CARD, apply, ask
from tests.portal.workflow.conftest import Way
from tests.survey.intake import makers

# Baoding's report is submitted; its plan was uploaded, the province has drafted a comment and waived a check, applied
# for a museum and has a correction before it; its 附件1 was entered. Every post is empty. The columns:
#   anonymous · the museum's filler · its reviewer · filler of a museum in another province · the museum's province ·
#   another province · system · national viewer · auditor
# and, where they are answered otherwise than the auditor:
#   a viewer of the museum's city · free-opening reviewer · operations
# 302 to the log-in (401 for JSON and htmx), 403 another role's area, 404 another's object, 405 no such method,
# 303 done, 409 not in this state, 400 and 422 not with an empty form (the viewer's extension gets 403 with a full one).
TABLE = """
GET  /                                                         200 200 200 200 200 200 200 200 200
POST /                                                         405 405 405 405 405 405 405 405 405
GET  /notices/{notice}/                                        200 200 200 200 200 200 200 200 200
POST /notices/{notice}/                                        405 405 405 405 405 405 405 405 405
GET  /guide/                                                   200 200 200 200 200 200 200 200 200
POST /guide/                                                   405 405 405 405 405 405 405 405 405
GET  /publications/form.xlsx                                   200 200 200 200 200 200 200 200 200
POST /publications/form.xlsx                                   405 405 405 405 405 405 405 405 405
GET  /verify/                                                  200 200 200 200 200 200 200 200 200
POST /verify/                                                  405 405 405 405 405 405 405 405 405
GET  /verify/2022-1-V1                                         200 200 200 200 200 200 200 200 200
POST /verify/2022-1-V1                                         405 405 405 405 405 405 405 405 405
GET  /outbox/                                                  404 404 404 404 404 404 404 404 404
POST /outbox/                                                  404 404 404 404 404 404 404 404 404
GET  /healthz                                                  200 200 200 200 200 200 200 200 200
POST /healthz                                                  405 405 405 405 405 405 405 405 405
GET  /readyz                                                   200 200 200 200 200 200 200 200 200
POST /readyz                                                   405 405 405 405 405 405 405 405 405
GET  /login/                                                   200 302 302 302 302 302 302 302 302
POST /login/                                                   422 422 422 422 422 422 422 422 422
GET  /logout/                                                  405 405 405 405 405 405 405 405 405
POST /logout/                                                  302 302 302 302 302 302 302 302 302
GET  /password/                                                302 200 200 200 200 200 200 200 200
POST /password/                                                302 200 200 200 200 200 200 200 200
GET  /password-reset/                                          200 200 200 200 200 200 200 200 200
POST /password-reset/                                          422 422 422 422 422 422 422 422 422
GET  /files/{file}/                                            302 200 200 404 200 404 200 200 403 200 200 403
POST /files/{file}/                                            302 405 405 404 405 404 405 405 403 405 405 403
GET  /files/{file}/pages/1/                                    302 200 200 404 200 404 200 200 403 200 200 403
POST /files/{file}/pages/1/                                    302 405 405 405 405 405 405 405 403 405 405 403
GET  /files/{word}/                                            302 404 404 404 200 404 200 200 403 404 200 403
POST /files/{word}/                                            302 404 404 404 405 404 405 405 403 404 405 403
GET  /files/{nothing}/                                         302 404 404 404 404 404 404 404 403 404 404 403
POST /files/{nothing}/                                         302 404 404 404 404 404 404 404 403 404 404 403
GET  /audit/                                                   302 403 403 403 403 403 403 403 200 403 403 403
POST /audit/                                                   302 403 403 403 403 403 403 403 405 403 403 403
GET  /audit/export/                                            302 403 403 403 403 403 403 403 200 403 403 403
POST /audit/export/                                            302 403 403 403 403 403 403 403 422 403 403 403
GET  /audit/verify/                                            302 403 403 403 403 403 403 403 200 403 403 403
POST /audit/verify/                                            302 403 403 403 403 403 403 403 303 403 403 403
GET  /audit/seals/                                             302 403 403 403 403 403 403 403 200 403 403 403
POST /audit/seals/                                             302 403 403 403 403 403 403 403 405 403 403 403
GET  /jobs/{job}/                                              302 404 404 404 200 404 404 404 404
POST /jobs/{job}/                                              302 405 405 405 405 405 405 405 405
GET  /museum/                                                  302 200 200 200 403 403 403 403 403
POST /museum/                                                  302 405 405 405 403 403 403 403 403
GET  /museum/tables/1-1/                                       302 200 200 200 403 403 403 403 403
POST /museum/tables/1-1/                                       302 409 403 303 403 403 403 403 403
GET  /museum/check/                                            302 200 200 200 403 403 403 403 403
POST /museum/check/                                            302 409 403 303 403 403 403 403 403
GET  /museum/submit/                                           302 200 200 200 403 403 403 403 403
POST /museum/submit/                                           302 400 400 400 403 403 403 403 403
GET  /museum/review/                                           302 200 200 200 403 403 403 403 403
POST /museum/review/                                           302 400 400 400 403 403 403 403 403
GET  /museum/comments/                                         302 303 303 303 403 403 403 403 403
POST /museum/comments/                                         302 403 409 403 403 403 403 403 403
GET  /museum/comments/{comment}/reply/                         302 405 405 405 403 403 403 403 403
POST /museum/comments/{comment}/reply/                         302 409 403 409 403 403 403 403 403
GET  /museum/comments/{comment}/withdraw/                      302 405 405 405 403 403 403 403 403
POST /museum/comments/{comment}/withdraw/                      302 403 409 403 403 403 403 403 403
GET  /museum/stamp/                                            302 200 200 200 403 403 403 403 403
POST /museum/stamp/                                            302 400 400 400 403 403 403 403 403
GET  /museum/stamp/upload/                                     302 405 405 405 403 403 403 403 403
POST /museum/stamp/upload/                                     302 400 400 400 403 403 403 403 403
GET  /museum/stamp/confirm/                                    302 405 405 405 403 403 403 403 403
POST /museum/stamp/confirm/                                    302 409 409 409 403 403 403 403 403
GET  /museum/versions/1/pdf/                                   302 200 200 404 403 403 403 403 403
POST /museum/versions/1/pdf/                                   302 405 405 405 403 403 403 403 403
GET  /museum/files/plan/                                       302 405 405 405 403 403 403 403 403
POST /museum/files/plan/                                       302 400 400 400 403 403 403 403 403
GET  /museum/files/plan/confirm/                               302 405 405 405 403 403 403 403 403
POST /museum/files/plan/confirm/                               302 409 403 409 403 403 403 403 403
GET  /museum/files/plan/remove/                                302 405 405 405 403 403 403 403 403
POST /museum/files/plan/remove/                                302 409 403 303 403 403 403 403 403
GET  /museum/files/plan/template/                              302 404 404 404 403 403 403 403 403
POST /museum/files/plan/template/                              302 405 405 405 403 403 403 403 403
GET  /museum/files/plan/draft/                                 302 404 404 404 403 403 403 403 403
POST /museum/files/plan/draft/                                 302 405 405 405 403 403 403 403 403
GET  /museum/account/                                          302 200 200 200 403 403 403 403 403
POST /museum/account/                                          302 405 405 405 403 403 403 403 403
GET  /museum/account/replace/                                  302 200 200 200 403 403 403 403 403
POST /museum/account/replace/                                  302 422 422 422 403 403 403 403 403
GET  /museum/history/                                          302 200 200 200 403 403 403 403 403
POST /museum/history/                                          302 405 405 405 403 403 403 403 403
GET  /museum/history/receipts/1/                               302 200 200 404 403 403 403 403 403
POST /museum/history/receipts/1/                               302 405 405 405 403 403 403 403 403
GET  /operations/                                              302 403 403 403 403 403 403 403 403 403 403 200
POST /operations/                                              302 403 403 403 403 403 403 403 403 403 403 200
GET  /operations/accounts/B{museum}/                           302 403 403 403 403 403 403 403 403 403 403 200
POST /operations/accounts/B{museum}/                           302 403 403 403 403 403 403 403 403 403 403 405
GET  /operations/accounts/B{museum}/reveal/                    302 403 403 403 403 403 403 403 403 403 403 405
POST /operations/accounts/B{museum}/reveal/                    302 403 403 403 403 403 403 403 403 403 403 303
GET  /operations/accounts/B{museum}/unlock/                    302 403 403 403 403 403 403 403 403 403 403 405
POST /operations/accounts/B{museum}/unlock/                    302 403 403 403 403 403 403 403 403 403 403 303
GET  /operations/accounts/B{museum}/phone/                     302 403 403 403 403 403 403 403 403 403 403 405
POST /operations/accounts/B{museum}/phone/                     302 403 403 403 403 403 403 403 403 403 403 422
GET  /operations/changes/{nothing}/approve/                    302 403 403 403 403 403 403 403 403 403 403 405
POST /operations/changes/{nothing}/approve/                    302 403 403 403 403 403 403 403 403 403 403 404
GET  /operations/changes/{nothing}/refuse/                     302 403 403 403 403 403 403 403 403 403 403 405
POST /operations/changes/{nothing}/refuse/                     302 403 403 403 403 403 403 403 403 403 403 404
GET  /operations/changes/{nothing}/recall/                     302 403 403 403 403 403 403 403 403 403 403 405
POST /operations/changes/{nothing}/recall/                     302 403 403 403 403 403 403 403 403 403 403 404
GET  /province/status/                                         302 403 403 403 200 200 403 403 403
POST /province/status/                                         302 403 403 403 405 405 403 403 403
GET  /province/status/{report}/                                302 403 403 403 200 404 403 403 403
POST /province/status/{report}/                                302 403 403 403 405 405 403 403 403
GET  /province/status/{report}/overdue/                        302 403 403 403 405 405 403 403 403
POST /province/status/{report}/overdue/                        302 403 403 403 409 404 403 403 403
GET  /province/status/{report}/extend/                         302 403 403 403 405 405 403 403 403
POST /province/status/{report}/extend/                         302 403 403 403 422 404 403 403 403
GET  /province/reminders/                                      302 403 403 403 200 200 403 403 403
POST /province/reminders/                                      302 403 403 403 405 405 403 403 403
GET  /province/reminders/new/                                  302 403 403 403 405 405 403 403 403
POST /province/reminders/new/                                  302 403 403 403 422 422 403 403 403
GET  /province/reminders/send/                                 302 403 403 403 405 405 403 403 403
POST /province/reminders/send/                                 302 403 403 403 422 422 403 403 403
GET  /province/review/                                         302 403 403 403 200 200 403 403 403
POST /province/review/                                         302 403 403 403 405 405 403 403 403
GET  /province/review/{report}/                                302 403 403 403 200 404 403 403 403
POST /province/review/{report}/                                302 403 403 403 405 405 403 403 403
GET  /province/review/several/                                 302 403 403 403 302 302 403 403 403
POST /province/review/several/                                 302 403 403 403 422 422 403 403 403
GET  /province/review/phrases/                                 302 403 403 403 200 200 403 403 403
POST /province/review/phrases/                                 302 403 403 403 400 400 403 403 403
GET  /province/review/{report}/looked/                         302 403 403 403 405 405 403 403 403
POST /province/review/{report}/looked/                         302 403 403 403 303 404 403 403 403
GET  /province/review/{report}/act/approve/                    302 403 403 403 200 404 403 403 403
POST /province/review/{report}/act/approve/                    302 403 403 403 303 404 403 403 403
GET  /province/review/{report}/act/return/                     302 403 403 403 200 404 403 403 403
POST /province/review/{report}/act/return/                     302 403 403 403 422 404 403 403 403
GET  /province/review/{report}/comments/                       302 403 403 403 303 404 403 403 403
POST /province/review/{report}/comments/                       302 403 403 403 422 404 403 403 403
GET  /province/review/{report}/comments/{comment}/withdraw/    302 403 403 403 405 405 403 403 403
POST /province/review/{report}/comments/{comment}/withdraw/    302 403 403 403 303 404 403 403 403
GET  /province/review/{report}/waivers/                        302 403 403 403 405 405 403 403 403
POST /province/review/{report}/waivers/                        302 403 403 403 409 404 403 403 403
GET  /province/review/{report}/waivers/{waiver}/withdraw/      302 403 403 403 405 405 403 403 403
POST /province/review/{report}/waivers/{waiver}/withdraw/      302 403 403 403 409 404 403 403 403
GET  /province/review/{report}/reveal/                         302 403 403 403 405 405 403 403 403
POST /province/review/{report}/reveal/                         302 403 403 403 303 404 403 403 403
GET  /province/accounts/                                       302 403 403 403 200 200 403 403 403
POST /province/accounts/                                       302 403 403 403 405 405 403 403 403
GET  /province/accounts/slips/                                 302 403 403 403 405 405 403 403 403
POST /province/accounts/slips/                                 302 403 403 403 422 422 403 403 403
GET  /province/accounts/slips/give/                            302 403 403 403 405 405 403 403 403
POST /province/accounts/slips/give/                            302 403 403 403 422 422 403 403 403
GET  /province/accounts/{museum}/                              302 403 403 403 200 404 403 403 403
POST /province/accounts/{museum}/                              302 403 403 403 405 405 403 403 403
GET  /province/accounts/{museum}/contacts/                     302 403 403 403 405 405 403 403 403
POST /province/accounts/{museum}/contacts/                     302 403 403 403 422 404 403 403 403
GET  /province/accounts/{museum}/B{museum}/reveal/             302 403 403 403 405 405 403 403 403
POST /province/accounts/{museum}/B{museum}/reveal/             302 403 403 403 303 404 403 403 403
GET  /province/accounts/{museum}/B{museum}/replace/            302 403 403 403 200 404 403 403 403
POST /province/accounts/{museum}/B{museum}/replace/            302 403 403 403 422 404 403 403 403
GET  /province/data/                                           302 403 403 403 200 200 403 403 403
POST /province/data/                                           302 403 403 403 405 405 403 403 403
GET  /province/data/export/                                    302 403 403 403 200 200 403 403 403
POST /province/data/export/                                    302 403 403 403 422 422 403 403 403
GET  /province/data/{report}/                                  302 403 403 403 200 404 403 403 403
POST /province/data/{report}/                                  302 403 403 403 405 405 403 403 403
GET  /province/materials/                                      302 403 403 403 200 200 403 403 403
POST /province/materials/                                      302 403 403 403 405 405 403 403 403
GET  /province/materials/check/                                302 403 403 403 200 200 403 403 403
POST /province/materials/check/                                302 403 403 403 303 303 403 403 403
GET  /province/materials/continuity/                           302 403 403 403 200 200 403 403 403
POST /province/materials/continuity/                           302 403 403 403 400 400 403 403 403
GET  /province/materials/tables/C/                             302 403 403 403 200 200 403 403 403
POST /province/materials/tables/C/                             302 403 403 403 303 303 403 403 403
GET  /province/materials/tables/C/proposal/                    302 403 403 403 200 200 403 403 403
POST /province/materials/tables/C/proposal/                    302 403 403 403 303 303 403 403 403
GET  /province/materials/tables/C/import/                      302 403 403 403 200 200 403 403 403
POST /province/materials/tables/C/import/                      302 403 403 403 400 400 403 403 403
GET  /province/data/export/confirm/                            302 403 403 403 405 405 403 403 403
POST /province/data/export/confirm/                            302 403 403 403 409 409 403 403 403
GET  /province/submission/                                     302 403 403 403 200 200 403 403 403
POST /province/submission/                                     302 403 403 403 400 400 403 403 403
GET  /province/submission/build/                               302 403 403 403 405 405 403 403 403
POST /province/submission/build/                               302 403 403 403 422 422 403 403 403
GET  /province/submission/upload/                              302 403 403 403 405 405 403 403 403
POST /province/submission/upload/                              302 403 403 403 400 400 403 403 403
GET  /province/submission/receipts/1/                          302 403 403 403 404 404 403 403 403
POST /province/submission/receipts/1/                          302 403 403 403 405 405 403 403 403
GET  /province/submission/packages/{package}/                  302 403 403 403 200 404 403 403 403
POST /province/submission/packages/{package}/                  302 403 403 403 405 405 403 403 403
GET  /province/submission/packages/{package}/assign/           302 403 403 403 405 405 403 403 403
POST /province/submission/packages/{package}/assign/           302 403 403 403 400 404 403 403 403
GET  /province/materials/files/                                302 403 403 403 200 200 403 403 403
POST /province/materials/files/                                302 403 403 403 405 405 403 403 403
GET  /province/materials/files/planned-word/                   302 403 403 403 200 200 403 403 403
POST /province/materials/files/planned-word/                   302 403 403 403 400 400 403 403 403
GET  /province/materials/files/planned-word/remove/            302 403 403 403 405 405 403 403 403
POST /province/materials/files/planned-word/remove/            302 403 403 403 303 409 403 403 403
GET  /province/materials/files/planned-scan/compare/           302 403 403 403 200 200 403 403 403
POST /province/materials/files/planned-scan/compare/           302 403 403 403 409 409 403 403 403
GET  /national/submissions/                                    302 403 403 403 403 403 200 200 403
POST /national/submissions/                                    302 403 403 403 403 403 405 405 403
GET  /national/submissions/{filing}/                           302 403 403 403 403 403 200 200 403
POST /national/submissions/{filing}/                           302 403 403 403 403 403 405 405 403
GET  /national/submissions/{filing}/act/extend_filing/         302 403 403 403 403 403 200 409 403
POST /national/submissions/{filing}/act/extend_filing/         302 403 403 403 403 403 422 403 403
GET  /national/submissions/{filing}/act/accept_filing/         302 403 403 403 403 403 409 409 403
POST /national/submissions/{filing}/act/accept_filing/         302 403 403 403 403 403 409 403 403
GET  /province/dashboard/                                      302 403 403 403 200 200 403 403 403
POST /province/dashboard/                                      302 403 403 403 405 405 403 403 403
GET  /province/materials/evaluation/                           302 403 403 403 200 200 403 403 403
POST /province/materials/evaluation/                           302 403 403 403 200 200 403 403 403
GET  /province/materials/papers/free.docx                      302 403 403 403 200 200 403 403 403
POST /province/materials/papers/free.docx                      302 403 403 403 405 405 403 403 403
GET  /province/materials/papers/free.pdf                       302 403 403 403 200 200 403 403 403
POST /province/materials/papers/free.pdf                       302 403 403 403 405 405 403 403 403
GET  /national/                                                302 403 403 403 403 403 200 200 403
POST /national/                                                302 403 403 403 403 403 405 405 403
GET  /national/museums/                                        302 403 403 403 403 403 200 200 403
POST /national/museums/                                        302 403 403 403 403 403 405 405 403
GET  /national/museums/{museum}/                               302 403 403 403 403 403 200 200 403
POST /national/museums/{museum}/                               302 403 403 403 403 403 405 405 403
GET  /national/museums/{museum}/extend/                        302 403 403 403 403 403 405 405 403
POST /national/museums/{museum}/extend/                        302 403 403 403 403 403 422 422 403
GET  /national/reports/{report}/act/refuse_exempt/             302 403 403 403 403 403 409 409 403
POST /national/reports/{report}/act/refuse_exempt/             302 403 403 403 403 403 409 403 403
GET  /national/reports/{report}/act/national_return/           302 403 403 403 403 403 409 409 403
POST /national/reports/{report}/act/national_return/           302 403 403 403 403 403 409 403 403
GET  /national/reminders/                                      302 403 403 403 403 403 200 200 403
POST /national/reminders/                                      302 403 403 403 403 403 405 405 403
GET  /national/exemptions/                                     302 403 403 403 403 403 200 200 403
POST /national/exemptions/                                     302 403 403 403 403 403 405 405 403
GET  /national/campaign/                                       302 403 403 403 403 403 200 403 403
POST /national/campaign/                                       302 403 403 403 403 403 422 403 403
GET  /national/notices/                                        302 403 403 403 403 403 200 403 403
POST /national/notices/                                        302 403 403 403 403 403 405 403 403
GET  /national/notices/publish/                                302 403 403 403 403 403 405 403 403
POST /national/notices/publish/                                302 403 403 403 403 403 422 403 403
GET  /national/notices/{notice}/withdraw/                      302 403 403 403 403 403 405 403 403
POST /national/notices/{notice}/withdraw/                      302 403 403 403 403 403 303 403 403
GET  /national/notices/contacts/                               302 403 403 403 403 403 405 403 403
POST /national/notices/contacts/                               302 403 403 403 403 403 422 403 403
GET  /national/notices/footer/                                 302 403 403 403 403 403 405 403 403
POST /national/notices/footer/                                 302 403 403 403 403 403 303 403 403
GET  /national/lists/                                          302 403 403 403 403 403 200 200 403
POST /national/lists/                                          302 403 403 403 403 403 422 422 403
GET  /national/data/export/                                    302 403 403 403 403 403 200 200 403
POST /national/data/export/                                    302 403 403 403 403 403 422 422 403
GET  /files/{evidence}/                                        302 404 404 404 200 404 200 200 403 404 404 403
POST /files/{evidence}/                                        302 404 404 404 405 404 405 405 403 404 404 403
GET  /files/{proof}/                                           302 200 200 404 200 404 200 200 403 404 404 403
POST /files/{proof}/                                           302 405 405 404 405 404 405 405 403 404 404 403
GET  /museum/corrections/                                      302 200 200 200 403 403 403 403 403
POST /museum/corrections/                                      302 422 403 422 403 403 403 403 403
GET  /museum/corrections/{correction}/withdraw/                302 405 405 405 403 403 403 403 403
POST /museum/corrections/{correction}/withdraw/                302 303 403 404 403 403 403 403 403
GET  /province/applications/                                   302 403 403 403 200 200 403 403 403
POST /province/applications/                                   302 403 403 403 422 422 403 403 403
GET  /province/applications/names/                             302 403 403 403 200 200 403 403 403
POST /province/applications/names/                             302 403 403 403 405 405 403 403 403
GET  /province/applications/{application}/                     302 403 403 403 200 404 403 403 403
POST /province/applications/{application}/                     302 403 403 403 405 405 403 403 403
GET  /province/applications/{application}/reveal/              302 403 403 403 405 405 403 403 403
POST /province/applications/{application}/reveal/              302 403 403 403 200 404 403 403 403
GET  /province/applications/{application}/withdraw/            302 403 403 403 405 405 403 403 403
POST /province/applications/{application}/withdraw/            302 403 403 403 303 404 403 403 403
GET  /province/applications/{application}/read/                302 403 403 403 405 405 403 403 403
POST /province/applications/{application}/read/                302 403 403 403 303 404 403 403 403
GET  /province/corrections/                                    302 403 403 403 200 200 403 403 403
POST /province/corrections/                                    302 403 403 403 405 405 403 403 403
GET  /province/corrections/{correction}/                       302 403 403 403 200 404 403 403 403
POST /province/corrections/{correction}/                       302 403 403 403 405 405 403 403 403
GET  /province/corrections/{correction}/forward/               302 403 403 403 405 405 403 403 403
POST /province/corrections/{correction}/forward/               302 403 403 403 303 404 403 403 403
GET  /province/corrections/{correction}/return/                302 403 403 403 405 405 403 403 403
POST /province/corrections/{correction}/return/                302 403 403 403 422 404 403 403 403
GET  /province/materials/annex1/                               302 403 403 403 200 200 403 403 403
POST /province/materials/annex1/                               302 403 403 403 422 422 403 403 403
GET  /province/materials/annex1/reveal/                        302 403 403 403 405 405 403 403 403
POST /province/materials/annex1/reveal/                        302 403 403 403 200 409 403 403 403
GET  /province/materials/annex1/word/                          302 403 403 403 405 405 403 403 403
POST /province/materials/annex1/word/                          302 403 403 403 200 409 403 403 403
GET  /national/museums/{museum}/change/close/                  302 403 403 403 403 403 200 403 403
POST /national/museums/{museum}/change/close/                  302 403 403 403 403 403 422 403 403
GET  /national/museums/{museum}/change/name/                   302 403 403 403 403 403 200 403 403
POST /national/museums/{museum}/change/name/                   302 403 403 403 403 403 422 403 403
GET  /national/museums/{museum}/change/reopen/                 302 403 403 403 403 403 409 403 403
POST /national/museums/{museum}/change/reopen/                 302 403 403 403 403 403 422 403 403
GET  /national/applications/                                   302 403 403 403 403 403 200 200 403
POST /national/applications/                                   302 403 403 403 403 403 405 405 403
GET  /national/applications/{application}/                     302 403 403 403 403 403 200 200 403
POST /national/applications/{application}/                     302 403 403 403 403 403 405 405 403
GET  /national/applications/{application}/reveal/              302 403 403 403 403 403 405 405 403
POST /national/applications/{application}/reveal/              302 403 403 403 403 403 200 403 403
GET  /national/applications/{application}/approve/             302 403 403 403 403 403 405 405 403
POST /national/applications/{application}/approve/             302 403 403 403 403 403 303 403 403
GET  /national/applications/{application}/refuse/              302 403 403 403 403 403 405 405 403
POST /national/applications/{application}/refuse/              302 403 403 403 403 403 422 403 403
GET  /national/corrections/                                    302 403 403 403 403 403 200 200 403
POST /national/corrections/                                    302 403 403 403 403 403 405 405 403
GET  /national/corrections/{correction}/                       302 403 403 403 403 403 200 200 403
POST /national/corrections/{correction}/                       302 403 403 403 403 403 405 405 403
GET  /national/corrections/{correction}/approve/               302 403 403 403 403 403 405 405 403
POST /national/corrections/{correction}/approve/               302 403 403 403 403 403 409 403 403
GET  /national/corrections/{correction}/refuse/                302 403 403 403 403 403 405 405 403
POST /national/corrections/{correction}/refuse/                302 403 403 403 403 403 409 403 403
GET  /national/administrators/                                 302 403 403 403 403 403 200 403 403
POST /national/administrators/                                 302 403 403 403 403 403 405 403 403
GET  /national/administrators/export/                          302 403 403 403 403 403 200 403 403
POST /national/administrators/export/                          302 403 403 403 403 403 422 403 403
GET  /national/administrators/130000/                          302 403 403 403 403 403 200 403 403
POST /national/administrators/130000/                          302 403 403 403 403 403 422 403 403
GET  /national/administrators/130000/reveal/                   302 403 403 403 403 403 405 403 403
POST /national/administrators/130000/reveal/                   302 403 403 403 403 403 200 403 403
GET  /national/administrators/130000/confirm/                  302 403 403 403 403 403 405 403 403
POST /national/administrators/130000/confirm/                  302 403 403 403 403 403 409 403 403
GET  /national/administrators/130000/password/                 302 403 403 403 403 403 405 403 403
POST /national/administrators/130000/password/                 302 403 403 403 403 403 422 403 403
GET  /national/administrators/130000/word/                     302 403 403 403 403 403 405 403 403
POST /national/administrators/130000/word/                     302 403 403 403 403 403 200 403 403
GET  /login/code/                                              302 302 302 302 302 302 302 302 302
POST /login/code/                                              302 302 302 302 302 302 302 302 302
GET  /second-factor/                                           302 200 200 200 200 200 200 200 200
POST /second-factor/                                           302 405 405 405 405 405 405 405 405
GET  /second-factor/set/                                       302 405 405 405 405 405 405 405 405
POST /second-factor/set/                                       302 422 422 422 422 422 422 422 422
GET  /second-factor/codes/                                     302 405 405 405 405 405 405 405 405
POST /second-factor/codes/                                     302 422 422 422 422 422 422 422 422
GET  /second-factor/remove/                                    302 405 405 405 405 405 405 405 405
POST /second-factor/remove/                                    302 422 422 422 422 422 422 422 422
GET  /sessions/                                                302 200 200 200 200 200 200 200 200
POST /sessions/                                                302 405 405 405 405 405 405 405 405
GET  /sessions/left/                                           302 200 200 200 200 200 200 200 200
POST /sessions/left/                                           302 405 405 405 405 405 405 405 405
GET  /sessions/stay/                                           302 405 405 405 405 405 405 405 405
POST /sessions/stay/                                           302 200 200 200 200 200 200 200 200
GET  /sessions/others/                                         302 405 405 405 405 405 405 405 405
POST /sessions/others/                                         302 303 303 303 303 303 303 303 303
GET  /sessions/{session}/end/                                  302 405 405 405 405 405 405 405 405
POST /sessions/{session}/end/                                  302 404 404 404 404 404 404 404 404
GET  /city/                                                    302 403 403 403 403 403 403 403 403 200 403 403
POST /city/                                                    302 403 403 403 403 403 403 403 403 405 403 403
GET  /city/reports/{report}/                                   302 403 403 403 403 403 403 403 403 200 403 403
POST /city/reports/{report}/                                   302 403 403 403 403 403 403 403 403 405 403 403
GET  /city/reminders/                                          302 403 403 403 403 403 403 403 403 200 403 403
POST /city/reminders/                                          302 403 403 403 403 403 403 403 403 405 403 403
GET  /city/reminders/new/                                      302 403 403 403 403 403 403 403 403 405 403 403
POST /city/reminders/new/                                      302 403 403 403 403 403 403 403 403 422 403 403
GET  /city/reminders/send/                                     302 403 403 403 403 403 403 403 403 405 403 403
POST /city/reminders/send/                                     302 403 403 403 403 403 403 403 403 422 403 403
GET  /free/                                                    302 403 403 403 403 403 403 403 403 403 200 403
POST /free/                                                    302 403 403 403 403 403 403 403 403 403 405 403
GET  /free/reports/{report}/                                   302 403 403 403 403 403 403 403 403 403 200 403
POST /free/reports/{report}/                                   302 403 403 403 403 403 403 403 403 403 405 403
GET  /free/reports/{report}/remarks/                           302 403 403 403 403 403 403 403 403 403 303 403
POST /free/reports/{report}/remarks/                           302 403 403 403 403 403 403 403 403 403 422 403
GET  /free/reports/{report}/remarks/{remark}/withdraw/         302 403 403 403 403 403 403 403 403 403 405 403
POST /free/reports/{report}/remarks/{remark}/withdraw/         302 403 403 403 403 403 403 403 403 403 303 403
GET  /free/lists/                                              302 403 403 403 403 403 403 403 403 403 200 403
POST /free/lists/                                              302 403 403 403 403 403 403 403 403 403 405 403
GET  /national/reports/{report}/                               302 403 403 403 403 403 200 200 403
POST /national/reports/{report}/                               302 403 403 403 403 403 405 405 403
GET  /national/accounts/                                       302 403 403 403 403 403 200 403 403
POST /national/accounts/                                       302 403 403 403 403 403 422 403 403
GET  /national/accounts/viewer/close/                          302 403 403 403 403 403 405 403 403
POST /national/accounts/viewer/close/                          302 403 403 403 403 403 422 403 403
GET  /province/accounts/city/                                  302 403 403 403 200 200 403 403 403
POST /province/accounts/city/                                  302 403 403 403 422 422 403 403 403
GET  /province/accounts/city/city/close/                       302 403 403 403 405 405 403 403 403
POST /province/accounts/city/city/close/                       302 403 403 403 422 404 403 403 403
"""
WHO = ("anonymous", "filler", "reviewer", "stranger", "province", "other_province", "system", "viewer", "auditor")
MORE = ("city", "free_reviewer", "operations")
EVERYBODY = (*WHO, *MORE)
SCRIPTS: tuple[dict[str, str], ...] = ({"Accept": "application/json"}, {"HX-Request": "true"})


def rows() -> dict[str, dict[str, tuple[int, ...]]]:
    """Return path -> method -> expected statuses, one for each of EVERYBODY; a line for WHO alone is filled up."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for line in TABLE.strip().splitlines():
        method, path, *expected = line.split()
        statuses = tuple(map(int, expected))
        if len(statuses) == len(WHO):
            statuses += statuses[-1:] * len(MORE)
        found.setdefault(path, {})[method] = statuses
    return found


def sample(path: str, names: dict[str, object] | None = None) -> str:
    """Return an address of a row: with the names of real objects, or with any that fit the patterns."""
    return path.format_map(names or dict.fromkeys(KINDS, 1) | dict.fromkeys(FILES, NOTHING))


NOTHING = uuid.UUID(int=0)
FILES = ("file", "word", "job", "nothing", "evidence", "proof")
KINDS = (
    "report",
    "museum",
    "comment",
    "waiver",
    "notice",
    "filing",
    "package",
    "application",
    "correction",
    "session",
    "remark",
)


@dataclass
class World:
    """Who knocks, and what the addresses name."""

    people: dict[str, Account]
    names: dict[str, object]

    def ask(self, who: str, method: str, path: str, headers: dict[str, str] | None = None) -> int:
        """Return the status of a request, and take back whatever it did."""
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            if who != "anonymous":
                client.force_login(self.people[who], backend="guanshu.portal.web.accounts.backend.AccountBackend")
            answer = client.generic(method, sample(path, self.names), headers=headers)
            # To the end: the file is closed then.
            b"".join(answer)
            transaction.set_rollback(True)
        return answer.status_code


@pytest.fixture
def world(cast: Cast, settings: Any, tmp_path: Path) -> World:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    with_filings(cast)
    filing = filing_of(cast)
    upload = SimpleUploadedFile("list.docx", makers.word())
    given = {"filing": filing, "purpose": "planned-word", "uploads": [upload], "actor": cast.province, "now": NOW}
    word = store_filing_file(**given)
    package = Package.objects.create(
        filing=filing, serial=1, source="built", file=word, basis="", made_by=cast.province.username, made_at=NOW
    )
    stranger = Account.objects.create(
        username="B110108001", role=Role.FILLER.value, museum=cast.haidian, must_change_password=False
    )
    upload = SimpleUploadedFile("plan.pdf", makers.pdf(1))
    file = store_upload(report=cast.report(), purpose="plan", upload=upload, actor=cast.filler, now=NOW)
    report = Way(cast).to(State.SUBMITTED).report
    comment = comment_on_cell(report=report, actor=cast.province, address="land_area", text="?", now=NOW)
    waiver = Waiver.objects.create(report=report, key="1-1-01", reason="属实", by=cast.province.username, at=NOW)
    notice = Notice.objects.create(title="通知", body="请按时填报", published_on=NOW.date())
    application, correction = apply(cast), ask(cast, "name", "保定科学中心")
    enter_card(province=cast.hebei, campaign=cast.campaign, actor=cast.system, typed=CARD, now=NOW)
    Museum.objects.filter(pk=cast.baoding.pk).update(city="保定市")
    Account.objects.filter(pk=cast.city.pk).update(city="保定市")
    people = {who: getattr(cast, who) for who in EVERYBODY if who not in {"anonymous", "stranger"}}
    names: dict[str, object] = {"report": report.number, "museum": cast.baoding.code, "comment": comment.pk}
    job = Job.objects.create(kind="test", key="1", owner=cast.province.username, asked_at=NOW)
    names |= {"filing": filing.number, "package": package.serial, "word": word.pk}
    remark = remark_on_report(report=report, actor=cast.free_reviewer, address="", text="?", now=NOW)
    names |= {"remark": remark.pk, "session": "0" * 40}
    names |= {"job": job.pk, "waiver": waiver.pk, "notice": notice.pk, "file": file.pk, "nothing": NOTHING}
    names |= {"application": application.number, "evidence": application.files.get().pk}
    names |= {"correction": correction.number, "proof": correction.files.get().pk}
    return World({**people, "stranger": stranger}, names)


# One state of the database for all rows: making it takes longer than asking, and every request is taken back.
def test_who_gets_which_answer(world: World) -> None:
    found = {
        path: {method: tuple(world.ask(who, method, path) for who in EVERYBODY) for method in ("GET", "POST")}
        for path in rows()
    }
    wrong = {path: (answers, rows()[path]) for path, answers in found.items() if answers != rows()[path]}
    assert wrong == {}


def test_scripts_of_the_logged_out_are_told_so(world: World) -> None:
    guarded = [path for path, row in rows().items() if row["GET"][0] == 302 and path != "/login/code/"]
    found = {
        (path, method): [world.ask("anonymous", method, path, headers) for headers in SCRIPTS]
        for path in guarded
        for method in ("GET", "POST")
    }
    assert {where: answers for where, answers in found.items() if answers != [401, 401]} == {}


def test_the_auditor_writes_nothing_else() -> None:
    own = ("/password/", "/password-reset/", "/second-factor/", "/sessions/", "/login/", "/logout/", "/audit/")
    auditor = EVERYBODY.index("auditor")
    posts = {path: row["POST"][auditor] for path, row in rows().items() if not path.startswith(own)}
    assert {path: status for path, status in posts.items() if status not in {403, 404, 405}} == {}


def test_no_page_of_the_system_reaches_the_trail() -> None:
    routes_of_all = set(routes(get_resolver()))
    assert not [route for route in routes_of_all if "arm" in re.split(r"\W", route) or "disarm" in route]
    system = EVERYBODY.index("system")
    audit = {path: row for path, row in rows().items() if path.startswith("/audit/")}
    assert all(row[method][system] == 403 for row in audit.values() for method in row)


def test_no_address_is_missing_from_the_table() -> None:
    covered = {resolve(sample(path)).route for path in rows()}
    everything = set(routes(get_resolver()))
    assert everything - covered == set()
    assert len(everything) > 50


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)
