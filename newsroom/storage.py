"""Where static files lie: compressed, each under a name that holds its content's hash."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_SUFFIX, _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Lets a script import its neighbours by relative address: those get the hashed names, too."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        _SUFFIX,
        (
            *_IMPORTS[:-1],
            # Django's own takes a bare name for a file, too; those are the import map's.
            (
                r"""(?P<matched>import\(\s*["'](?P<url>\.{1,2}/.*?)["']\s*\))""",
                """import("%(url)s")""",
            ),
        ),
    )
