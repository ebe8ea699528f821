"""Addresses of the intake room. A contact's address holds its reference, so that other pages may stand beside it."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from intake import views
from intake.changesets import views as changesets


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
    path("imports/people", changesets.changesets, name="changesets"),
    path("imports/people/new", changesets.begin, name="changeset_new"),
    path("imports/people/<contact_reference:reference>", changesets.changeset, name="changeset"),
    path("imports/people/<contact_reference:reference>/columns", changesets.columns, name="changeset_columns"),
    path("imports/people/<contact_reference:reference>/accept", changesets.accept, name="changeset_accept"),
    path("imports/people/<contact_reference:reference>/undo", changesets.undo, name="changeset_undo"),
    path("imports/people/<contact_reference:reference>/discard", changesets.discard, name="changeset_discard"),
    path("imports/people/<contact_reference:reference>/rows/<int:number>", changesets.change, name="change"),
]
