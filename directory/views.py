"""Pages of the directory: find a service, read it, see what each feed brought."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, public, roles
from accounts.models import Role
from directory import actions
from directory.forms import FinderForm, ReferableForm
from directory.models import WEEKDAYS, FeedRun, Service, ServiceTime

A_PAGE = 25
DAY_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


@public()
def services(request: HttpRequest) -> HttpResponse:
    """Anybody finds a service by words, need, age and hours; 25 a page, and where the next page begins is in the address."""
    form = FinderForm(request.GET or None)
    rows = Service.objects.visible_to(request.user).offered().select_related("organisation")
    if form.is_valid():
        rows = _filtered(rows, form.cleaned_data)
    if after := Service.objects.filter(reference=request.GET.get("after", "")).first():
        rows = rows.filter(Q(name__gt=after.name) | Q(name=after.name, pk__gt=after.pk))
    found = list(rows.order_by("name", "pk")[: A_PAGE + 1])
    older = ""
    if len(found) > A_PAGE:
        query = request.GET.copy()
        query["after"] = found[A_PAGE - 1].reference
        older = f"?{query.urlencode()}"
    chosen = bool(form.is_bound and any(form[name].value() for name in form.fields))
    context = {
        "form": form,
        "services": found[:A_PAGE],
        "older": older,
        "first": not request.GET.get("after"),
        "chosen": chosen,
    }
    return render(request, "directory/service_list.html", context)


@public()
def service(request: HttpRequest, reference: str) -> HttpResponse:
    """One service: what, for whom, where, when."""
    found = get_object_or_404(
        Service.objects.visible_to(request.user).select_related("organisation"), reference=reference
    )
    return render(request, "directory/service_detail.html", _detail(request, found))


@roles(Role.ADMINISTRATOR, methods=("POST",))
def referable(request: StaffRequest, reference: str) -> HttpResponse:
    """Say whether the service takes referrals from us."""
    found = get_object_or_404(
        Service.objects.visible_to(request.user).select_related("organisation"), reference=reference
    )
    form = ReferableForm(request.POST)
    if form.is_valid():
        try:
            actions.set_referable(found, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("directory:service", found.reference)
    return render(request, "directory/service_detail.html", _detail(request, found, form))


@roles(Role.ADMINISTRATOR, methods=("GET",))
def feeds(request: StaffRequest) -> HttpResponse:
    """The last 50 readings of feeds."""
    return render(request, "directory/feed_list.html", {"runs": FeedRun.objects.defer("reasons")[:50]})


@roles(Role.ADMINISTRATOR, methods=("GET",))
def feed(request: StaffRequest, reference: str) -> HttpResponse:
    """One reading, with the reason for each service that was refused."""
    run = get_object_or_404(FeedRun, reference=reference)
    return render(request, "directory/feed_detail.html", {"run": run, "reasons": run.reasons[:200]})


def _filtered(services: Any, wanted: dict[str, Any]) -> QuerySet[Service]:
    if wanted["words"]:
        services = services.about_words(wanted["words"])
    if wanted["term"]:
        services = services.filter(terms__code=wanted["term"])
    if wanted["age"] is not None:
        services = services.fitting_age(wanted["age"])
    if wanted["open_now"]:
        services = services.open_at(timezone.now())
    return services.referable() if wanted["referable"] else services


def _detail(request: HttpRequest, found: Service, form: ReferableForm | None = None) -> dict[str, Any]:
    """What the page of a service shows."""
    if form is None and getattr(request.user, "role", None) == Role.ADMINISTRATOR:
        answer = "yes" if found.accepts_referrals else "no"
        form = ReferableForm(initial={"accepts": answer, "email": found.organisation.email})
    return {
        "service": found,
        "places": list(found.places.all()),
        "hours": [_hours(one) for one in found.times.all()],
        "terms": list(found.terms.all()),
        "form": form,
    }


def _hours(times: ServiceTime) -> dict[str, Any]:
    days = ", ".join(DAY_NAMES[day] for day in times.days.split(",") if day in DAY_NAMES)
    return {"days": days, "times": times}
