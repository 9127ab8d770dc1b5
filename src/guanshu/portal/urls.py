"""Every address of the portal; each audience keeps its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("guanshu.portal.web.public.urls")),
    path("", include("guanshu.portal.web.accounts.urls")),
    path("museum/", include("guanshu.portal.web.museum.urls")),
    path("province/", include("guanshu.portal.web.province.urls")),
    path("national/", include("guanshu.portal.web.national.urls")),
    path("operations/", include("guanshu.portal.web.operations.urls")),
    path("city/", include("guanshu.portal.web.city.urls")),
    path("free/", include("guanshu.portal.web.free.urls")),
    path("audit/", include("guanshu.portal.web.audit.urls")),
    path("jobs/", include("guanshu.portal.web.shared.jobs")),
    path("files/", include("guanshu.portal.web.shared.downloads")),
]

handler400 = "guanshu.portal.web.shared.errors.bad_request"
handler403 = "guanshu.portal.web.shared.errors.forbidden"
handler404 = "guanshu.portal.web.shared.errors.not_found"
handler500 = "guanshu.portal.web.shared.errors.server_error"
