"""People who sign in, teams and partner organisations: the administrator's pages."""

from string import ascii_uppercase
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import actions
from accounts.access import StaffRequest, open_record, roles
from accounts.forms import OpeningForm, OrganisationForm, TeamForm, UserForm
from accounts.models import Organisation, Role, Team, User

ROWS = 25


@roles(Role.ADMINISTRATOR, methods=("GET",))
def people(request: StaffRequest) -> HttpResponse:
    """Everyone who signs in, by name: `?from=m` begins there, `?closed=1` shows closed accounts. Runs four queries."""
    closed, start = request.GET.get("closed") == "1", request.GET.get("from", "")[:1].upper()
    users = User.objects.visible_to(request.user).filter(is_active=not closed, name__gte=start)
    if last := users.filter(reference=request.GET.get("after", "")).first():
        users = users.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    shown = list(users.select_related("organisation").prefetch_related("teams").order_by("name", "pk")[: ROWS + 1])
    kept = {"from": start, "closed": "1" if closed else ""}
    more = kept | {"after": shown[ROWS - 1].reference} if len(shown) > ROWS else {}
    page = {
        "people": shown[:ROWS],
        "closed": closed,
        "start": start,
        "letters": ascii_uppercase,
        "older": f"?{urlencode({name: value for name, value in more.items() if value})}" if more else "",
    }
    return render(request, "accounts/people.html", page)


@roles(Role.ADMINISTRATOR)
def add_user(request: StaffRequest) -> HttpResponse:
    """Make an account."""
    form = UserForm(request.POST or None)
    if form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            user = actions.add_user(**fields, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, "Account made. They set a password through “Forgotten your password?” on the sign-in page."
            )
            return redirect("accounts:user", user.reference)
    return render(request, "accounts/user_form.html", {"form": form, "heading": "Add a person"})


@roles(Role.ADMINISTRATOR)
def user(request: StaffRequest, reference: str) -> HttpResponse:
    """Change an account."""
    person = open_record(User.objects.visible_to(request.user), request, reference=reference)
    form = UserForm(request.POST or None, initial=UserForm.of(person), changing=True)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            actions.change_user(person, seen=fields.pop("version") or 0, **fields, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Account changed.")
            return redirect("accounts:people")
    return render(request, "accounts/user_form.html", {"form": form, "person": person, "heading": "Change an account"})


@roles(Role.ADMINISTRATOR)
def end_account(request: StaffRequest, reference: str) -> HttpResponse:
    """Close an account or open it again, after a page that asks."""
    person = open_record(User.objects.visible_to(request.user), request, reference=reference)
    if request.method == "POST":
        change = actions.end_account if person.is_active else actions.reopen_account
        try:
            change(person, seen=person.version, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Account closed." if person.is_active else "Account open again.")
        return redirect("accounts:people")
    return render(request, "accounts/user_end.html", {"person": person})


@roles(Role.ADMINISTRATOR)
def organisations(request: StaffRequest) -> HttpResponse:
    """The partners that we refer to, and a form to add one."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        try:
            actions.add_organisation(**fields, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Organisation added.")
            return redirect("accounts:organisations")
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER)[:200]
    return render(request, "accounts/organisations.html", {"form": form, "partners": partners})


@roles(Role.ADMINISTRATOR)
def organisation(request: StaffRequest, reference: str) -> HttpResponse:
    """Change how a partner is reached."""
    partner = open_record(Organisation.objects.filter(kind=Organisation.Kind.PARTNER), request, reference=reference)
    initial = {name: getattr(partner, name) for name in ("name", "email", "phone", "active", "version")}
    form = OrganisationForm(request.POST or None, initial=initial)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            actions.change_organisation(partner, seen=fields.pop("version") or 0, **fields, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Organisation changed.")
            return redirect("accounts:organisations")
    return render(request, "accounts/organisation.html", {"form": form, "partner": partner})


@roles(Role.ADMINISTRATOR)
def teams(request: StaffRequest) -> HttpResponse:
    """The council's teams, and a form to add one."""
    form = TeamForm(request.POST or None)
    if form.is_valid():
        try:
            team = actions.add_team(name=form.cleaned_data["name"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Team added. Check its opening hours.")
            return redirect("accounts:team", team.reference)
    listed = Team.objects.filter(active=True).prefetch_related("openings", "members")
    return render(request, "accounts/teams.html", {"form": form, "teams": listed})


@roles(Role.ADMINISTRATOR)
def team(request: StaffRequest, reference: str) -> HttpResponse:
    """When a team is open."""
    found = open_record(Team.objects.all(), request, reference=reference)
    form = OpeningForm(request.POST or None, initial=OpeningForm.of(found))
    if form.is_valid():
        try:
            actions.set_opening(found, hours=form.hours(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Opening hours saved. Clocks that start from now on use them.")
            return redirect("accounts:teams")
    return render(request, "accounts/team.html", {"form": form, "team": found})
