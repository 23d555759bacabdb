"""Settings. Everything that differs between machines comes from the environment.

Required: SECRET_KEY, DATABASE_URL, REDIS_URL, and ALLOWED_HOSTS unless DEBUG is on. A missing one stops
the start with its name; `STRATA_*` names that nothing reads do too, so that a typo is never silent.
"""

import os
import tempfile
from pathlib import Path

import environ
import pgtrigger
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

KNOWN_STRATA_NAMES = {
    "STRATA_ASSESS_EVERYBODY",  # runs on the facts in force trust no earlier result, as after a mended release
    "STRATA_ATTACHMENT_SCANNER",  # what looks through files for viruses: clamd://host:3310, command:…, or a callable
    "STRATA_BASE_URL",  # where people reach the site, for links in mails: https://strata.example
    "STRATA_CHROMIUM",  # tests: the browser to use
    "STRATA_CURRENCY",  # ISO code of the book currency
    "STRATA_DB_STATEMENT_TIMEOUT_MS",  # 5 000 for web, 30 000 for workers
    "STRATA_NOTICE_DAYS",  # how long notices are kept, read or mailed
    "STRATA_PREVIEW_DIR",  # where the book stands as columns while criteria are drafted
    "STRATA_PYTHON",  # ./strata: the interpreter to build the environment with
    "STRATA_FINGERPRINT_KEY",  # random text by which sealed values are found again; another one loses them to searches
    "STRATA_SEALING_KEYS",  # random texts, the newest first: telephone numbers are sealed under it, read under any
    "STRATA_SECURE",  # off only where TLS is absent, i.e. `./strata up` on one's own machine
    "STRATA_STATIC_ROOT",
    "STRATA_TIME_ZONE",
    "STRATA_UNREAD_NOTICE_DAYS",  # and those that nobody has read
    "STRATA_TRUSTED_PROXIES",  # how many of one's own proxies add to X-Forwarded-For; 0 believes nobody's
}
unknown = sorted(name for name in os.environ if name.startswith("STRATA_") and name not in KNOWN_STRATA_NAMES)
if unknown:
    raise ImproperlyConfigured(f"Unknown settings in the environment: {', '.join(unknown)}")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
SEALING_KEYS = env.list("STRATA_SEALING_KEYS", default=[SECRET_KEY] if DEBUG else env.NOTSET)
FINGERPRINT_KEY = env("STRATA_FINGERPRINT_KEY", default=SECRET_KEY if DEBUG else env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"] if DEBUG else [])
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set the ALLOWED_HOSTS environment variable (comma-separated host names)")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE = env.bool("STRATA_SECURE", default=not DEBUG)

INSTALLED_APPS = [
    "config.apps.StrataAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "rest_framework.authtoken",
    "crm",
    "tiering",
    "funnel",
    "config.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.middleware.SessionLifetime",
    "crm.middleware.DenyByDefault",
    "crm.middleware.MergedMeanwhile",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.middleware.NoStore",
    "crm.middleware.OneReading",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "builtins": ["crm.templatetags.addresses"],
        },
    }
]

# --- Data ---------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,
    "application_name": "strata",
    "options": (
        f"-c statement_timeout={env.int('STRATA_DB_STATEMENT_TIMEOUT_MS', default=5000)}"
        " -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 -c TimeZone=UTC"
        # Compiling costs a chunk of 500 clients more than it gives, and a whole book no more than 4 %: measured.
        " -c jit=off"
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CURRENCY = env("STRATA_CURRENCY", default="CNY")

# --- Users and sessions -------------------------------------------------------------------------------
AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["crm.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "crm.accounts.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Behind a proxy every request comes from one address: unless the proxy's word is taken, one guesser locks all out.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("STRATA_TRUSTED_PROXIES", default=0)
# What clients open without an account: per sender and per link.
QUESTIONNAIRE_RATES = "120/m/ip,40/m/key"
# What strangers send by the form of a source of leads: per sender and per form.
LEAD_RATES = "5/m/ip,20/h/ip,60/m/key"
# What one user sends by the API.
LEAD_API_RATE = "120/min"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "change_password": "5/m/user"}

SESSION_IDLE_SECONDS = 15 * 60
SESSION_ABSOLUTE_SECONDS = 8 * 60 * 60
SESSION_ENGINE = "crm.sessions"
# Messages name clients; in a cookie they would lie on the reader's disk.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# --- Transport and content ----------------------------------------------------------------------------
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A hundred thousand clients with the usual columns in Chinese come to some 15 MB.
IMPORT_MAX_BYTES = 30 * 1024 * 1024
# How many rows each role may take out in one file without somebody else's approval, and for how long it may be fetched.
EXPORT_CAPS = {
    "rm": 1_000,
    "team_lead": 5_000,
    "risk_officer": 20_000,
    "criteria_admin": 1_000,
    "auditor": 20_000,
}
EXPORT_DAYS = 3
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
ATTACHMENT_SCANNER = env("STRATA_ATTACHMENT_SCANNER", default="")

# --- Languages ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.number_formats"
TIME_ZONE = env("STRATA_TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STRATA_STATIC_ROOT", default=str(BASE_DIR / ".strata" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_files.Storage"
    },
}

# For our user alone; several web processes of a machine share it. Nothing in it is worth keeping.
PREVIEW_DIR = Path(
    env("STRATA_PREVIEW_DIR", default=str(Path(tempfile.gettempdir()) / f"strata-preview-{os.getuid()}"))
)

# --- Mail ---------------------------------------------------------------------------------------------
# Any SMTP server: smtp+tls://user:password@mail.example:587. Without one no mail is made; in development it goes into
# files.
EMAIL_URL = env("EMAIL_URL", default=f"filemail:///{BASE_DIR}/.strata/mail" if DEBUG else "")
SENDS_MAIL = bool(EMAIL_URL)
if SENDS_MAIL:
    vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Strata <strata@localhost>")
BASE_URL = env("STRATA_BASE_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")

# --- Work in the background ---------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # Parts of the frame that are the same for everybody of a role, kept by each web process.
    "template_fragments": {
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}"
    },
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE

# Days for which notices are kept. Below 30 some would be told again while what they tell of lasts.
NOTICE_DAYS = env.int("STRATA_NOTICE_DAYS", default=180)
UNREAD_NOTICE_DAYS = env.int("STRATA_UNREAD_NOTICE_DAYS", default=max(365, NOTICE_DAYS))
if not 30 <= NOTICE_DAYS <= UNREAD_NOTICE_DAYS:
    raise ImproperlyConfigured(
        "STRATA_NOTICE_DAYS is 30 at least, and STRATA_UNREAD_NOTICE_DAYS no less than it."
    )

# Results by the same version, terms and facts stand as long as these do (docs/adr/0011). A release that mends how
# results are worked out says so in the changelog: then this is on until the next runs are over.
ASSESS_EVERYBODY = env.bool("STRATA_ASSESS_EVERYBODY", default=False)

# --- API ----------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # The first names the challenge of a 401: without a session and without a token, send a token.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.access.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.api.parsing.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["crm.api.base.AllowlistFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "crm.api.base.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "EXCEPTION_HANDLER": "config.api.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Strata API",
    "DESCRIPTION": "Client records, tiers, reviews, funnel and runs, under the same rules as the pages.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AddressKindEnum": "crm.models.Address.Kind",
        "AssetGradeEnum": "tiering.models.AssetClass.Grade",
        "BulkEditStatusEnum": "crm.models.BulkEdit.Status",
        "BulkOutcomeEnum": "crm.models.BulkItem.Outcome",
        "CaseDocumentKindEnum": "funnel.models.CaseDocument.Kind",
        "CasePartEnum": "funnel.models.CaseParty.Part",
        "CaseSourceEnum": "funnel.models.Case.Source",
        "CheckKindEnum": "funnel.models.CheckItem.Kind",
        "ClientKindEnum": "crm.models.Client.Kind",
        "ClientOutcomeEnum": "tiering.validation.outcomes.OUTCOMES",
        "ClientStatusEnum": "crm.models.Client.Status",
        "CollateralKindEnum": "crm.models.Collateral.Kind",
        "ContactKindEnum": "crm.models.Interaction.Kind",
        "ContactOutcomeEnum": "crm.models.Interaction.Outcome",
        "ImportKindEnum": "crm.models.ImportJob.Kind",
        "CriteriaStatusEnum": "tiering.models.CriteriaVersion.Status",
        "CustomMetricUnitEnum": "crm.models.CustomMetric.Unit",
        "IdentityNumberKindEnum": "crm.models.IdentityNumber.Kind",
        "DocumentKindEnum": "crm.models.Document.Kind",
        "JobStatusEnum": "tiering.models.jobs.Job.Status",
        "MetricDirectionEnum": "crm.models.CustomMetric.Direction",
        "OverrideKindEnum": "tiering.models.Override.Kind",
        "OverrideStatusEnum": "tiering.models.Override.Status",
        "ParticipationPartEnum": "crm.models.Participation.Part",
        "PolicyKindEnum": "tiering.models.Policy.Kind",
        "ProfileFieldTypeEnum": "crm.models.ProfileField.Type",
        "PolicyStatusEnum": "tiering.models.PolicyVersion.Status",
        "ProjectStatusEnum": "crm.models.Project.Status",
        "ProposalStatusEnum": "tiering.models.Proposal.Status",
        "QuestionnaireKindEnum": "crm.models.Questionnaire.Kind",
        "QuestionnaireStatusEnum": "crm.models.QuestionnaireVersion.Status",
        "ResponseStatusEnum": "crm.models.Response.Status",
        "SegmentKindEnum": "crm.models.Segment.Kind",
        "ProspectActEnum": "funnel.models.ProspectEdit.Act",
        "ProspectReasonEnum": "funnel.models.Prospect.Reason",
        "ProspectStatusEnum": "funnel.models.Prospect.Status",
        "ViewReachEnum": "crm.models.SavedView.Reach",
        "CampaignKindEnum": "crm.models.Campaign.Kind",
        "CampaignStatusEnum": "crm.models.Campaign.Status",
        "ReasonEnum": "tiering.models.Override.Reason",
        "RelationKindEnum": "crm.models.Relation.Kind",
        "RemarkKindEnum": "tiering.models.Remark.Kind",
        "VoteVerdictEnum": "tiering.models.Vote.Verdict",
        "RunBasisEnum": "tiering.models.TieringRun.Basis",
        "RunKindEnum": "tiering.models.TieringRun.Kind",
        "RunStatusEnum": "tiering.models.TieringRun.Status",
        "ValidationBasisEnum": "tiering.models.Validation.Basis",
    },
}

# --- History ------------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
# One trigger call a statement: mass changes are not slowed row by row.
PGHISTORY_LEVEL = pgtrigger.Statement

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # One line per ring of the bell, every few seconds for ever: only what goes wrong is news.
    "loggers": {"celery.worker.strategy": {"level": "WARNING"}, "celery.app.trace": {"level": "WARNING"}},
}
