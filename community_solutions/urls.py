"""Addresses of all rooms."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from accounts.views import pages

urlpatterns = [
    path("accounts/email/", pages.nowhere),  # an address is changed by an administrator, not by the sign-in library
    path("accounts/", include("allauth.urls")),
    *[path("", include(f"{room}.urls")) for room in settings.ROOMS if find_spec(f"{room}.urls")],
]

handler400 = "accounts.views.pages.bad_request"
handler403 = "accounts.views.pages.not_permitted"
handler404 = "accounts.views.pages.not_found"
handler500 = "accounts.views.pages.server_error"
