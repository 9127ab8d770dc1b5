"""The one settings file. What a deployment chooses comes from GUANSHU_* environment variables (docs/structure.md)."""

import os
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from guanshu.portal import channels, deployment

BASE = Path(__file__).resolve().parent
VAR = Path(os.environ.get("GUANSHU_VAR", "var")).resolve()
DEMO = os.environ.get("GUANSHU_DEMO") == "1"
DEBUG = False
TESTING = "pytest" in sys.modules

keys = deployment.read_keys(os.environ, VAR, demo=DEMO or TESTING)
SECRET_KEY = keys.secret_key
GUANSHU_DATA_KEYS = keys.data_keys
GUANSHU_PAGE_KEYS = keys.page_keys
# Text messages: which backend they go through, and the approved name in 【】 before them.
GUANSHU_SMS = deployment.sms_backend(os.environ, demo=DEMO)
GUANSHU_SMS_SIGN = deployment.sms_sign(os.environ)
# Accounts: how long an initial password opens, the address printed on 账号通知单 ("": the one the page was asked
# under), and whether a change of a number needs a second operations account.
GUANSHU_INITIAL_PASSWORD_DAYS = deployment.initial_password_days(os.environ)
GUANSHU_SITE_URL = deployment.site_url(os.environ)
GUANSHU_PHONE_SECOND_PERSON = os.environ.get("GUANSHU_PHONE_SECOND_PERSON") == "1"
GUANSHU_SMS_CHANNEL = channels.read_channel(os.environ, GUANSHU_SMS)
# Business rules may live on another day (demo, rehearsals); sessions, signatures and the audit trail never do.
GUANSHU_TODAY = os.environ.get("GUANSHU_TODAY", "")

ALLOWED_HOSTS = os.environ.get("GUANSHU_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("GUANSHU_ORIGINS", "").split(",") if origin]
INTERNAL_IPS: list[str] = []
ROOT_URLCONF = "guanshu.portal.urls"
WSGI_APPLICATION = "guanshu.portal.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "guanshu.portal",
]
MIDDLEWARE = [
    "guanshu.portal.web.shared.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guanshu.portal.web.shared.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guanshu.portal.web.shared.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "guanshu.portal.web.shared.context.portal",
            ],
        },
    }
]

# SQLite is the embedded default, with a writers' queue (guanshu.portal.sqlite); production uses PostgreSQL.
DATABASES = {
    "default": deployment.database(
        {**dj_database_url.parse(os.environ.get("GUANSHU_DATABASE_URL", f"sqlite:///{VAR / 'guanshu.sqlite3'}"))}
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "portal.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "guanshu.portal.web.accounts.backend.AccountBackend",
]
PASSWORD_HASHERS = ["guanshu.portal.domain.passwords.Argon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"guanshu.portal.domain.passwordrules.{name}Validator"}
    for name in ("Length", "OwnName", "Common", "Kinds", "Used")
]
# "dengbao": three kinds of characters, a change every GUANSHU_PASSWORD_DAYS days, none of the last five.
GUANSHU_PASSWORD_PROFILE, GUANSHU_PASSWORD_DAYS = deployment.password_profile(os.environ)
# Whom a password alone does not let in. Demo accounts are shown to everybody; tests switch it on where they mean it.
GUANSHU_SECOND_FACTOR = not (DEMO or TESTING)
GUANSHU_PROVINCE_SECOND_FACTOR = os.environ.get("GUANSHU_PROVINCE_SECOND_FACTOR") == "1"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
# Per account and address together: a rival elsewhere cannot lock a museum out, nor one behind the same router a device
# that logged in before (it is counted under an address of its own).
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "guanshu.portal.web.accounts.backend.attempted_username"
AXES_CLIENT_IP_CALLABLE = "guanshu.portal.web.shared.devices.counted_address"
AXES_LOCKOUT_CALLABLE = "guanshu.portal.web.accounts.views.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
# Logins are in the audit trail; addresses are kept only while they count towards a lock-out.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
# How many proxies of ours stand in front and append to X-Forwarded-For; 0 = none, the header is not believed.
GUANSHU_PROXIES = int(os.environ.get("GUANSHU_PROXIES", "0"))

SESSION_ENGINE = "guanshu.portal.web.shared.sessions"
SESSION_COOKIE_AGE = 12 * 3600
# Minutes without a request after which a session is over, and how long before that the page says so.
GUANSHU_IDLE_MINUTES = 30
GUANSHU_IDLE_WARNING = 5
# How many sessions of an account live at a time; a new log-in ends the oldest.
GUANSHU_SESSIONS = 3
SESSION_COOKIE_HTTPONLY = True
GUANSHU_DEVICE_COOKIE = "device"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "guanshu.portal.web.shared.uploads.csrf_failure"
if deployment.secure_cookies(os.environ, demo=DEMO or TESTING):
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    GUANSHU_DEVICE_COOKIE = "__Host-device"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# A whole table is one form; the largest rows tables have some thousands of inputs.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 60
# Uploads arrive beside the kept files, on the same file system: keeping one is a rename.
FILE_UPLOAD_HANDLERS = ["guanshu.portal.web.shared.uploads.LimitedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = VAR / "incoming"
# PDFs of frozen versions; each can be made again at any time.
GUANSHU_VERSIONS = VAR / "versions"

# The seals of the audit trail, one line each, where whoever rewrites the database should not be able to write.
GUANSHU_SEALS = Path(os.environ.get("GUANSHU_SEALS") or VAR / "seals.log").resolve()
# The virus scanner (clamd), host:port or the path of its socket; `required`: without an answer nothing is taken.
GUANSHU_CLAMD = os.environ.get("GUANSHU_CLAMD", "")
GUANSHU_CLAMD_REQUIRED = os.environ.get("GUANSHU_CLAMD_REQUIRED") == "1"

# Jobs are queued in the database, in the transaction that asks for them; `guanshu worker` runs them.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

REPOSITORY = BASE.parents[2]
GUANSHU_NODE_MODULES = REPOSITORY / "node_modules"
# The locks stand for the vendor files, which change only with them.
# The guide's pictures are packed with the document that prints them too.
GUIDE_PICTURES = BASE.parent / "survey" / "documents" / "guide" / "pictures"
BUILD = deployment.build_id(
    BASE / "static",
    REPOSITORY / "package-lock.json",
    REPOSITORY / "requirements/base.txt",
    *sorted(GUIDE_PICTURES.glob("*.png")),
)
STATIC_URL = f"/static/{BUILD}/"
STATIC_ROOT = VAR / "static"
# Our own directory and an explicit list of others' files; no app brings its own along.
STATICFILES_DIRS = [BASE / "static", ("guide", GUIDE_PICTURES)]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "guanshu.portal.web.shared.vendor.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31536000
WHITENOISE_ALLOW_ALL_ORIGINS = False
# `guanshu run` collects into STATIC_ROOT first; tests read the sources.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING
# Every address holds the build's hash, so whatever is under STATIC_URL never changes.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = ["security.W003"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # What talks to gateways would write addresses with numbers in them.
    "loggers": {name: {"level": "CRITICAL", "propagate": False} for name in channels.TALKATIVE},
}
