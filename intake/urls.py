"""Addresses of the intake room. A contact's address holds its reference, so that other pages may stand beside it."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from intake import views


class ReferenceConverter(StringConverter):
    """A reference as it is written: CS-7F3K-92X."""

    regex = "[Cc][Ss]-[0-9A-Za-z-]{1,12}"


register_converter(ReferenceConverter, "contact_reference")

app_name = "intake"
urlpatterns = [
    path("contacts/promised", views.promised, name="promised"),
    path("contacts/<contact_reference:reference>", views.contact, name="contact"),
    path("contacts/<contact_reference:reference>/promise", views.keep_promise, name="keep_promise"),
    path("imports", views.imports, name="imports"),
]
