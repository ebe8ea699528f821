"""Who saw what and why: the pages of information governance. Ids and references, never content."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.access import StaffRequest, roles
from accounts.forms import TrailForm
from accounts.models import Role, User
from ledger import sealing, trail
from ledger.models import AuditEvent, AuditQuerySet, AuditSeal

ROWS = 25
WORDS = {
    "open": "Opened",
    "search": "Searched",
    "export": "Exported",
    "ask": "Asked for a page",
    "sign_in": "Signed in",
    "sign_out": "Signed out",
}


@roles(Role.GOVERNANCE)
def entries(request: StaffRequest) -> HttpResponse:
    """The trail, newest first, by record, person, day and kind. Looking at it is in it too.

    The filter is sent by POST, so that a name typed there reaches no address."""
    form = TrailForm(request.POST if request.method == "POST" else request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('accounts:trail')}?{form.address()}")
    found = AuditEvent.objects.visible_to(request.user)
    rows = list(_before(_chosen(found, wanted), request.GET.get("before", ""))[: ROWS + 1])
    trail.record("search", kind="ledger.AuditEvent", by=request.user, reference=wanted.get("record", ""))
    older = _older(request, rows) if len(rows) > ROWS else ""
    days = _by_day(rows[:ROWS], form.address() if wanted else "")
    return render(request, "accounts/trail.html", {"form": form, "days": days, "older": older, "asked": bool(wanted)})


@roles(Role.GOVERNANCE, methods=("GET", "POST"))
def proof(request: StaffRequest) -> HttpResponse:
    """Whether the trail is whole: POST checks every block against its seals."""
    wrong = sealing.verify() if request.method == "POST" else None
    if wrong is not None:
        trail.record("verify", kind="ledger.AuditEvent", by=request.user, outcome="done" if not wrong else "failed")
    return render(
        request,
        "accounts/trail_proof.html",
        {"wrong": wrong, "checked": wrong is not None, "last": AuditSeal.objects.last()},
    )


def _chosen(found: AuditQuerySet, wanted: dict[str, Any]) -> AuditQuerySet:
    """Apply the filters that were given."""
    if record := wanted.get("record"):
        found = found.filter(Q(reference=record) | Q(about__contains=[record]))
    if person := wanted.get("person"):
        found = found.filter(person_id=person.pk)
    if since := wanted.get("since"):
        found = found.filter(at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    if until := wanted.get("until"):
        found = found.filter(at__lt=timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)))
    if what := wanted.get("what"):
        found = found.filter(outcome="refused") if what == "refused" else found.filter(verb=what)
    return found


def _before(found: AuditQuerySet, mark: str) -> AuditQuerySet:
    """Only entries older than the last one of the page before: a time and a number, in the order of an index."""
    moment, _, number = mark.partition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return found
    try:
        at = parse_datetime(moment)
    except ValueError:
        return found
    if at is None or timezone.is_naive(at):
        return found
    return found.filter(Q(at__lt=at) | Q(id__lt=int(number)), at__lte=at)


def _older(request: StaffRequest, rows: list[AuditEvent]) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "before"}
    last = rows[ROWS - 1]
    return f"?{urlencode(kept | {'before': f'{last.at.isoformat()}_{last.pk}'})}"


def _by_day(rows: list[AuditEvent], chosen: str) -> list[dict[str, Any]]:
    """Who, what, when, under each day; a name leads to that person's entries. Runs one query for the names."""
    people = User.objects.filter(pk__in={row.person_id for row in rows if row.person_id})
    named = {person.pk: person for person in people.only("pk", "name", "reference")}
    days: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        at, person = timezone.localtime(row.at), named.get(row.person_id or 0)
        days.setdefault(f"{at:%A %-d %B %Y}", []).append(
            {
                "when": f"{at:%H:%M:%S}",
                "who": person.name if person else row.principal or row.role.replace("_", " "),
                "only": f"?{urlencode(dict(parse_qsl(chosen)) | {'person': person.reference})}" if person else "",
                "what": WORDS.get(row.verb, row.verb.replace("_", " ").capitalize()),
                "kind": "The trail" if row.kind == AuditEvent._meta.label else _kind(row.kind),
                "record": row.reference,
                "about": [one for one in row.about if one != row.reference],
                "why": row.why.replace("_", " "),
                "where": _where(row) if row.verb == "open" else "",
                "refused": row.outcome == "refused",
            }
        )
    return [{"day": day, "rows": entries} for day, entries in days.items()]


def _where(row: AuditEvent) -> str:
    """From which page and network address a record was opened: “from residents: find, 192.0.2.7”."""
    said = dict(part.split(":", 1) for part in sorted(row.fields, reverse=True) if ":" in part)
    page = said.get("from", "").replace(":", ": ").replace("_", " ")
    return ", ".join(filter(None, (f"from {page}" if page else "", said.get("at", ""))))


def _kind(label: str) -> str:
    """A kind of record as people call it, or the page that was asked for: “Cases: case”."""
    room, dot, model = label.partition(".")
    try:
        name = str(apps.get_model(room, model)._meta.verbose_name) if dot else label
    except LookupError:
        name = label
    return name.replace(":", ": ").replace("_", " ").capitalize()
