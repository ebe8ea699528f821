"""Which static files are gathered: those that pages use. Libraries bring more, and each would be compressed twice."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class OurStaticFiles(StaticFilesConfig):
    """Django's static files without what no page asks for."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "htmax*", "htmx-4*", "htmx-2.js", "django-htmx.js", "ext"]
