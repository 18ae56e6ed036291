"""Settings of a Newsroom site: everything that differs between sites comes from the environment.

With no variable set, this is a site on its owner's own machine: SQLite, files on disk and a
signing key made on first use, all below `.data/`. A `SITE_URL` that starts with https:// makes
it a production site: it then refuses to start without its own `SECRET_KEY` and sends browsers
only to encrypted pages. README.md holds the table of variables.
"""

from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env
from whitenoise.compress import Compressor

from newsroom.secret import local_secret

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / ".data")
SEEDS_DIR = BASE_DIR / "seeds"

# --- the site ------------------------------------------------------------------------------
PORT = env.int("PORT", 8000)
SITE_URL = (env.str("SITE_URL", "") or f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env.str("SITE_NAME", "Newsroom")
SITE_TAGLINE = env.str("SITE_TAGLINE", "Reporting that shows its work")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL must be an http(s) address, not {SITE_URL!r}.")
PRODUCTION = _site.scheme == "https"

DEBUG = env.bool("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows readers the inside of the site: not with https.")

SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured("A site on https needs a SECRET_KEY of its own.")
    SECRET_KEY = local_secret(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or [_site.hostname]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "taggit",
    "django_prose_editor",
    "csp",
    "axes",
    # Last: its roles are made of permissions that the apps above have made by then.
    "articles.apps.ArticlesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "articles.middleware.DeskLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "articles.middleware.SpeculationMiddleware",
    "articles.middleware.RedirectMiddleware",
    # Last: it turns a locked-out sign-in, however it was reached, into its own answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
ASGI_APPLICATION = "newsroom.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "articles.views.templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "articles.views.site.site",
            ],
        },
    },
]

# --- growth: SQLite -> PostgreSQL, memory -> Redis ------------------------------------------
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}",
        conn_max_age=0,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while an editor writes; IMMEDIATE takes the write lock at the start
    # of a transaction, so that two writers wait for each other instead of failing halfway.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A new connection reads the whole schema again before its first question: as much work as
    # making half a page.
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    if not DATABASES["default"]["NAME"].startswith(("file:", ":memory:")):
        Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["pool"] = {"min_size": 1, "max_size": 10}
    # The server keeps its plans of what pages ask (models/prepared.py), for each connection.
    options["prepare_threshold"] = 0 if env.bool("PREPARED_STATEMENTS", True) else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
# Several sites may share one Redis. What is a site's own there is named after its database: all
# that write to it find the same names, a command with half of the settings, too.
_database = blake2b(str(DATABASES["default"]["NAME"]).encode(), digest_size=8).hexdigest()
CACHES["default"].setdefault("KEY_PREFIX", f"newsroom:{_database}")
# Finished pages are kept and answered before Django wakes up: in files of DATA_DIR, or in Redis.
PAGE_CACHE = env.bool("PAGE_CACHE", True) and not DEBUG
# A cache in front that is told what to drop: webhook+https://…, fastly+…, cloudflare+… or varnish+…
CDN_PURGE = env.str("CDN_PURGE", "")
CDN_TOKEN = env.str("CDN_TOKEN", "")

# Where public pages are also written as files, for a web server in front (docs/baking.md).
BAKE_DIR = env.str("BAKE_DIR", "") and str(Path(env.str("BAKE_DIR")).resolve())
if BAKE_DIR and not PAGE_CACHE:
    raise ImproperlyConfigured("BAKE_DIR: only kept pages are baked (PAGE_CACHE, DEBUG).")
if BAKE_DIR and CDN_PURGE:
    raise ImproperlyConfigured("BAKE_DIR: files cannot name what CDN_PURGE purges. Choose one.")

# --- files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "newsroom.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "newsroom.storage.ModuleStaticFilesStorage"},
}
# Files get their content's hash in their names, so a browser may keep them for good.
WHITENOISE_MAX_AGE = 3600
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Maps are for developers' tools only; compressing them took most of the first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", *Compressor.SKIP_COMPRESS_EXTENSIONS)
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o644

# --- language and time ---------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
FORMAT_MODULE_PATH = "newsroom.formats"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_I18N = True
# Before those of Django's own apps, whose words for the same may be others.
LOCALE_PATHS = [BASE_DIR / "articles" / "locale"]
USE_TZ = True

TAGGIT_CASE_INSENSITIVE = True

# --- other machines ------------------------------------------------------------------------
# Off: robots.txt asks what collects texts for language models to stay away.
AI_CRAWLERS = env.bool("AI_CRAWLERS", True)
# A hub (WebSub) that is told when feeds change, and tells their subscribers.
WEBSUB_HUB = env.str("WEBSUB_HUB", "")
if WEBSUB_HUB and urlsplit(WEBSUB_HUB).scheme not in {"http", "https"}:
    raise ImproperlyConfigured(f"WEBSUB_HUB must be an http(s) address, not {WEBSUB_HUB!r}.")
# Where holes in the site's safety are reported: mailto:… or https://…
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
if SECURITY_CONTACT and urlsplit(SECURITY_CONTACT).scheme not in {"mailto", "https", "tel"}:
    raise ImproperlyConfigured("SECURITY_CONTACT must start with mailto:, https: or tel:.")

# --- the clock -----------------------------------------------------------------------------
# Off: scheduled steps are taken by `manage.py publish_due`, from cron or a timer.
CLOCK = env.bool("CLOCK", True)

# --- people --------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# Locking the pair keeps a stranger who guesses a name from locking its owner out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env.str("EMAIL_URL", ""):
    try:
        _email = env.dj_email_url("EMAIL_URL")
    except KeyError as _error:
        raise ImproperlyConfigured(f"EMAIL_URL: {_error} is no kind of mail server.") from None
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email["EMAIL_HOST"]
    EMAIL_PORT = _email["EMAIL_PORT"]
    EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
# A mail server that hangs must not hold the clock for long.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"newsroom@{_site.hostname}")
# Where messages from readers go, unless their promo says otherwise; they are kept without one.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")

# --- safety --------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many servers stand in front and add to X-Forwarded-For: whose word is taken for a reader's
# address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1 if env.bool("BEHIND_PROXY", False) else 0)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {
    name: []
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}
# The nonce is for the editor's import map in the admin; a page that never asks for one (all
# public pages) gets a policy without it, the same for every reader.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *env.list("MEDIA_HOSTS", [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}

# What the articles app lets a project decide; the defaults stand in articles/conf.py.
NEWSROOM = {}
