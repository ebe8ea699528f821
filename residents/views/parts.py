"""What the pages about one person share: the door, a refusal beside its box, and both texts of a stale form."""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, QueryDict

from accounts.access import Elsewhere, StaffRequest, open_record
from accounts.models import STAFF
from ledger import trail
from ledger.requests import where_from
from ledger.versions import StaleVersion
from residents.merging.former import stands_for
from residents.models import Resident

PEOPLE = STAFF
Form = TypeVar("Form", bound=forms.Form)
MOST_NUMBER = 2**63 - 1  # what a primary key can hold: more is simply not there


def resident_of(request: StaffRequest, reference: str) -> Resident:
    """The resident that the person may open, or 404; one read entry in the trail. A merged record leads to the one that stands."""
    try:
        return open_record(Resident.objects.visible_to(request.user), request, reference=reference)
    except Http404:
        if (stands := stands_for(reference)) and stands != reference:
            words = f"{reference} is the same person: the two records were merged, and this is the one that stands."
            raise Elsewhere(reference, stands, words) from None
        raise


def residents_of(request: StaffRequest, *references: str) -> list[Resident]:
    """Several residents whom the person may all open, in this order; a read entry for each. Runs two queries, or 404."""
    found = {one.reference: one for one in Resident.objects.visible_to(request.user).filter(reference__in=references)}
    if len(found) == len(set(references)):
        trail.record_many((("open", one, one.about()) for one in found.values()), where=where_from(request))
        return [found[reference] for reference in references]
    return [resident_of(request, reference) for reference in references]


def posted(request: StaffRequest) -> QueryDict | None:
    """What was sent, or None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def one_of(rows: models.QuerySet[Any], number: int) -> Any:
    """One of the resident's own rows, or 404."""
    found = rows.filter(pk=number).first() if number <= MOST_NUMBER else None
    if found is None:
        raise Http404
    return found


def refuse(form: forms.Form, refusal: ValidationError) -> None:
    """Say what was refused: beside the box at fault where the form has it, else at the top."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def with_version(form: Form, version: int, **options: Any) -> Form:
    """The same form with what was typed in it, now about this version."""
    typed = form.data.copy()
    typed["seen"] = str(version)
    again = type(form)(typed, initial=form.initial, **options)
    again._errors = form._errors
    again.cleaned_data = getattr(form, "cleaned_data", {})
    return again


def both_texts(form: forms.Form, now: dict[str, Any]) -> list[dict[str, str]]:
    """Where the record as it stands differs from what was typed: label, theirs, yours."""
    rows = []
    for name, field in form.fields.items():
        if name in form.cleaned_data and name != "seen" and form.cleaned_data[name] != now.get(name):
            rows.append(
                {"label": str(field.label), "theirs": _said(now.get(name)), "yours": _said(form.cleaned_data[name])}
            )
    return rows


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value) if value not in (None, "") else "(empty)"


def stale(form: Form, refusal: StaleVersion, now: dict[str, Any], version: int, **options: Any) -> tuple[Form, Any]:
    """A stale form, ready to be sent again on purpose, and both texts beside each other."""
    rows = both_texts(form, now)
    form.add_error(None, refusal)
    return with_version(form, version, **options), rows
