"""Somebody on record is chosen on a form: looked for by words that are posted, then ticked."""

from typing import Any, TypeVar

from crispy_forms_gds.choices import Choice
from django import forms

from accounts.access import StaffRequest
from residents import search
from residents.identity import row_of
from residents.models import Resident

Form = TypeVar("Form", bound=forms.Form)
MOST = 10


def found_for(request: StaffRequest, *without: Resident) -> list[Choice]:
    """Those who fit what was typed, as choices; nobody of `without`."""
    if request.method != "POST":
        return []
    rows = [row_of(one) for one in search.find(request.POST.get("words", ""), by=request.user)]
    kept = {one.pk for one in without}
    return [
        Choice(row["resident"].reference, row["resident"].name, hint=_hint(row))
        for row in rows[:MOST]
        if row["resident"].pk not in kept
    ]


def chosen(request: StaffRequest) -> Resident | None:
    """The one who was ticked, if the reader may open them. Runs one query."""
    ticked = request.POST.get("other", "")
    return Resident.objects.visible_to(request.user).filter(reference=ticked).first() if ticked else None


def ask_which(request: StaffRequest, form: Form, found: list[Choice], refusal: str) -> Form:
    """Lay out whom the words fit. It is an error only when this list was seen before and nobody was chosen."""
    words = form.cleaned_data["words"]
    if not found:
        form.add_error("words", "Nobody was found. Try a date of birth or a reference, or begin a record for them")
        return form
    typed = request.POST.copy()
    typed["asked"] = words
    again = type(form)(typed, found=found)  # type: ignore[call-arg]
    again.full_clean()
    if form.cleaned_data["asked"] == words:
        again.add_error("other", refusal)
    return again


def _hint(row: dict[str, Any]) -> str:
    born = f"born {row['born']}" if row["born"] else "date of birth not known"
    return f"{row['resident'].reference}, {born}, {row['place']}"
