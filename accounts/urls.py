"""Addresses of the accounts room."""

from django.urls import path

from accounts.views import drafts, pages

app_name = "accounts"
urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("privacy", pages.privacy, name="privacy"),
    path("help", pages.help_page, name="help"),
    path("drafts/save", drafts.save, name="save_draft"),
    path("drafts/discard", drafts.discard, name="discard_draft"),
]
