"""One file, driven by the environment; `.env.example` documents every variable."""

from config import env
from config.log_config import logging_config
from integrations.queue.cluster import cluster

BASE_DIR = env.BASE_DIR
env.read_file()

DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret_key(debug=DEBUG)
# A fixed key that protects nothing, so that a first try with DEBUG needs no configuration.
_DEMO_ENCRYPTION_KEY = "ZGVtby1kZW1vLWRlbW8tZGVtby1kZW1vLWRlbW8tZGU="
FIELD_ENCRYPTION_KEYS = env.encryption_keys(debug=DEBUG, demo_key=_DEMO_ENCRYPTION_KEY)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
PUBLIC_URL = env.text("PUBLIC_URL")

IMPORT_FOLDER_ROOT = env.text("IMPORT_FOLDER_ROOT")

COMPANY_NAME = env.text("COMPANY_NAME")
COMPANY_TAX_ID = env.text("COMPANY_TAX_ID")
SIIGO_URL = env.text("SIIGO_URL", "https://siigointerface.ensamblefs.com:4005/api/v1/siigo-pyme/send")
SIIGO_API_KEY = env.text("SIIGO_API_KEY")
SIIGO_CONNECTION_ID = env.text("SIIGO_CONNECTION_ID")
SIIGO_READ_SECONDS = env.seconds("SIIGO_READ_SECONDS")
SAG_URL = env.text("SAG_URL", "https://wssagpya.azurewebsites.net/ServiceSagWeb.svc?wsdl")
SAG_TOKEN = env.text("SAG_TOKEN")
SAG_LOGIN = env.text("SAG_LOGIN")
SAG_READ_SECONDS = env.seconds("SAG_READ_SECONDS")

INSTALLED_APPS = [
    "ledger",
    "catalog",
    "integrations",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "integrations.admin.kept_forms.csrf_failure"

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
            ],
        },
    },
]

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "config.sqlite3"
    # IMMEDIATE: a deferred transaction that upgrades from read to write fails at once with «database is locked».
    # FULL: a claim must survive a power cut before the document leaves.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# At 0 the queue's broker reconnects at every step: 4-8 times slower.
DATABASES["default"]["CONN_MAX_AGE"] = 600

Q_CLUSTER = cluster(
    queue_url=env.text("QUEUE_URL"),
    workers=env.whole("QUEUE_WORKERS", 2),
    timeout=env.whole("QUEUE_TIMEOUT", 300),
)

# Not with DEBUG: the demonstration and the tests use seconds.
TIMEOUTS_MUST_CLIMB = not DEBUG

LANGUAGE_CODE = "es-co"
TIME_ZONE = env.text("TIME_ZONE", "America/Bogota")
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
# A voucher of 250 lines is one form: twelve boxes and three hidden ones a line.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Whether a request came by TLS the web server says, which believes its proxy alone (`manage.py web --proxy`).
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^salud(/cola)?$"]
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_config(
    env.text("LOG_LEVEL", "INFO").upper(),
    [SIIGO_API_KEY, SAG_TOKEN, SECRET_KEY, *FIELD_ENCRYPTION_KEYS],
)
vars().update(env.mail("EMAIL_URL"))
# What keeps time waits no longer than this for a mail server.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "integrador@localhost")
