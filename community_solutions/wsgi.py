"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_solutions.settings")
os.environ.setdefault("CS_PROCESS", "web")
application = get_wsgi_application()
