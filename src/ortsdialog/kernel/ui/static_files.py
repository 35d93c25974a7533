"""How the site's own files are named: by their content, also where one script imports another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """A script that is imported under its plain name would be asked for anew every minute, and missing offline."""

    support_js_module_import_aggregation = True
    # A script gets its name after those that it imports; the longest chain decides how often all are looked through.
    max_post_process_passes = 10
