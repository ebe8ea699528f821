"""The Celery application. Work reaches it through the outbox; the clock reaches it through the schedule in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_solutions.settings")

app = Celery("community_solutions")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
