"""People who sign in, teams and partner organisations: the administrator's pages."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import actions
from accounts.access import StaffRequest, open_record, roles
from accounts.forms import OpeningForm, OrganisationForm, TeamForm, UserForm
from accounts.models import Organisation, Role, Team, User


@roles(Role.ADMINISTRATOR, methods=("GET",))
def people(request: StaffRequest) -> HttpResponse:
    """Everyone who signs in, by organisation; `?closed=1` shows closed accounts. Runs three queries."""
    closed = request.GET.get("closed") == "1"
    users = (
        User.objects.visible_to(request.user)
        .filter(is_active=not closed)
        .select_related("organisation")
        .prefetch_related("teams")
    )
    return render(
        request,
        "accounts/people.html",
        {"people": users.order_by("organisation__kind", "organisation__name", "name")[:200], "closed": closed},
    )


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
