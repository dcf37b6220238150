"""Settings, one file, read from the environment.

`CDM_ENV` is `demo` (under `manage.py up`), `local` (the same without the demonstration), `test` or
`production`. The database is `DATABASE_URL`, the broker `REDIS_URL`; `manage.py` sets both to the
embedded servers when the environment does not.
"""

import hashlib
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
CDM_ENV = env.str("CDM_ENV", "local")
if CDM_ENV not in {"demo", "local", "test", "production"}:
    raise ImproperlyConfigured(f"CDM_ENV is {CDM_ENV!r}: not demo, local, test or production")
PRODUCTION = CDM_ENV == "production"
CDM_DEMONSTRATION = CDM_ENV == "demo" or (CDM_ENV == "test" and env.bool("CDM_DEMO", False))
AS_OWNER = env.bool("CDM_AS_OWNER", False)  # set by manage.py for commands that migrate
ALLOW_SANDBOX = not PRODUCTION or env.bool("ALLOW_SANDBOX", False)

SITE_NAME = env.str("SITE_NAME", "Offset Ledger")
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
DISCLAIMER = "An independent implementation; not operated or endorsed by the UNFCCC."

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else "insecure: this machine only")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must be set, 50 characters or more, in production")
SANDBOX_SECRET = env.str(
    "SANDBOX_SECRET", hashlib.sha256(b"sandbox:" + SECRET_KEY.encode()).hexdigest()
)
# The account that invoices name; empty in production until it is set: nothing is sold by invoice.
BANK_IBAN = env.str("BANK_IBAN", "" if PRODUCTION else "GB33BUKB20201555555555")
BANK_BIC = env.str("BANK_BIC", "" if PRODUCTION else "BUKBGB22")
BANK_HOLDER = env.str("BANK_HOLDER", "" if PRODUCTION else "Offset Ledger (demonstration)")
BANK_NAME = env.str("BANK_NAME", "" if PRODUCTION else "A bank of the demonstration")
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API, STRIPE_PAGES = "https://api.stripe.com", "https://checkout.stripe.com"
STRIPE_RETRIES = 2
# The ways of paying at the checkout, in their order there
PAYMENT_PROVIDERS = env.list(
    "PAYMENT_PROVIDERS",
    default=[*(["stripe_checkout"] if STRIPE_SECRET_KEY else []), "sandbox", "invoice"],
)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "cdm_portal",
    "cdm_portal.journal",
    "cdm_portal.identity",
    "registry",
    "projects",
    "projects.participant",
    "projects.dna",
    "projects.doe",
    "projects.board",
    "cobenefits",
    "offsets",
    "cdm_portal.notices",
    "cdm_portal.apps.WindowConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_fsm",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cdm_portal.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cdm_portal.identity.middleware.SecondFactorMiddleware",
    "cdm_portal.identity.middleware.ActorMiddleware",
    "cdm_portal.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "offsets.middleware.KeyMiddleware",
    "cdm_portal.middleware.KeptMiddleware",
    "cdm_portal.middleware.FindableMiddleware",
    "cdm_portal.middleware.SnapshotMiddleware",
]

ROOT_URLCONF = "cdm_portal.urls"
WSGI_APPLICATION = "cdm_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "cdm_portal.context.frame",
            ],
            "builtins": ["cdm_portal.templatetags.cdm", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "cdm_portal.forms.Renderer"

# Only the owner role migrates; web, worker and beat connect as a role that cannot write the ledger.
DATABASES = {
    "default": env.db_url("DATABASE_URL", default="postgresql:///cdm")
    | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"].setdefault("TEST", {})["NAME"] = env.str("CDM_TEST_DB", "test_cdm")

# The signer's process alone is told where the key is (registry/transparency/signing.py).
SIGNING_KEY_FILE = env.str("SIGNING_KEY_FILE", "")
HEADS_FILE = env.str("HEADS_FILE", "")
# So with the key of the certificates (offsets/certificates/keys.py): an organisation's, or its own.
CERTIFICATE_P12_FILE = env.str("CERTIFICATE_P12_FILE", "")
CERTIFICATE_PASSPHRASE = env.str("CERTIFICATE_PASSPHRASE", "")
CERTIFICATE_KEY_FILE = env.str("CERTIFICATE_KEY_FILE", "")

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_SOFT_TIME_LIMIT = 75
# An import of ten years of minutes, which renews its lease as it goes
LONG_TASK_SECONDS, LONG_TASK_SOFT_SECONDS = 900, 885
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
if CELERY_BROKER_URL.startswith("filesystem://"):
    folder = env.str("CDM_BROKER_DIR", str(BASE_DIR / ".cdm" / "broker"))
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": folder, "data_folder_out": folder, "control_folder": f"{folder}/control",
        "store_processed": False,
    }
CELERY_TIMEZONE = "UTC"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Sign-in
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if CDM_ENV == "test":  # the cost of a hash is not what the tests are about
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "cdm_portal.identity.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# Addresses are entered by the secretariat, never by their owners: none waits to be verified.
MFA_ALLOW_UNVERIFIED_EMAIL = True
SECOND_FACTOR_COMPULSORY = PRODUCTION  # for every role but buyers (decisions, 24)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1
AXES_USERNAME_FORM_FIELD = "login"
SESSION_ENGINE = "cdm_portal.identity.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Mail: an SMTP server (smtp+tls://user:password@host:587), or else files that the reader can open.
EMAIL_FILE_PATH = env.str("CDM_MAIL_ROOT", str(BASE_DIR / ".cdm" / "mail"))
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10
if PRODUCTION or env.str("EMAIL_URL", ""):
    MAIL = env.email_url("EMAIL_URL", default="smtp://localhost:25")
    EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
    EMAIL_HOST = MAIL["EMAIL_HOST"]
    EMAIL_PORT = MAIL["EMAIL_PORT"]
    EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@example.org")

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("CDM_STATIC_ROOT", str(BASE_DIR / ".cdm" / "static")))
MEDIA_ROOT = Path(env.str("CDM_MEDIA_ROOT", str(BASE_DIR / ".cdm" / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if CDM_ENV in {"demo", "local", "production"}
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = CDM_ENV == "test"
WHITENOISE_AUTOREFRESH = CDM_ENV == "test"  # found when asked for, not listed for each test client
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"

# API
REST_FRAMEWORK = {
    "SCHEMA_COERCE_PATH_PK": False,  # a parameter is called as the route calls it
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "cdm_portal.api.problem",
    "DEFAULT_THROTTLE_RATES": {"calculations": "120/min"},  # of one address, in each web process
    "NUM_PROXIES": 0,  # an address that a stranger wrote into a header is not believed
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SITE_NAME} API",
    "DESCRIPTION": "Projects, issuances, cancellations and certificates for everybody; quotes and "
    f"orders with a key. From a key to a certificate in four calls: {SITE_URL}/api/. {DISCLAIMER}",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "BenefitOutcome": "cdm_portal.pages.api_cobenefits.OUTCOMES",
        "CoBenefitLevel": "cdm_portal.pages.api_cobenefits.LEVELS",
        "MethodologyKind": "cdm_portal.pages.api_calculations.KINDS",
        "OrderState": "cdm_portal.pages.api_ordered.STATES",
        "ProjectKind": "cdm_portal.pages.api_views.PROJECT_KINDS",
        "RequestDecision": "cdm_portal.pages.api_reviews.DECISIONS",
        "RequestKind": "cdm_portal.pages.api_requests.KINDS",
        "ProposalState": "registry.governance.models.Proposal.State",
        "UnitState": "registry.parts.STATES",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
}
if "test" not in CDM_ENV and sys.stderr.isatty():
    LOGGING["root"] = {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")}
