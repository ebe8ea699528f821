"""The home page of each role, my work, and the quick ways between pages."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, public, roles
from accounts.actions import set_shortcuts
from accounts.models import Role
from desk import actions, guide, help_pages, home, next_step, places, shortcuts, work
from desk.forms import GoForm, ShortcutsForm

ON_HOME = 8


@roles(*Role, methods=("GET",))
def start(request: StaffRequest) -> HttpResponse:
    """The day's work: one clear first step, what cannot wait, what was begun. Runs at most twelve queries."""
    now, user = timezone.now(), request.user
    items = work.work_for(user, now, briefly=True)
    rows, more = work.first_rows(items, now, ON_HOME)
    tiles = home.tiles_for(user, now, items)
    context = {
        "first": next_step.next_step(user, items, tiles, now),
        "tiles": tiles,
        "rows": rows,
        "more": more,
        "finds": user.role in work.WORKS_WITH_RESIDENTS,
    }
    return render(request, "desk/home.html", context | guide.beginning(user, now))


@roles(*Role, methods=("POST",))
def guide_away(request: StaffRequest) -> HttpResponse:
    """Leave the first steps off my home page."""
    actions.put_guide_away(request.user, by=request.user)
    messages.success(request, "The first steps are put away. You find them again under Help.")
    return redirect("desk:home")


@roles(*Role, methods=("POST",))
def guide_back(request: StaffRequest) -> HttpResponse:
    """Put the first steps on my home page again."""
    actions.bring_guide_back(request.user, by=request.user)
    return redirect("desk:home")


@public()
def help_index(request: HttpRequest) -> HttpResponse:
    """All pages of help, those for the person's role first."""
    user = request.user
    known = user.is_authenticated
    first, rest = help_pages.topics_for(user.role if known else "")
    return render(
        request, "desk/help_list.html", {"first": first, "rest": rest, "put_away": known and guide.is_put_away(user)}
    )


@public()
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One page of help."""
    if topic not in help_pages.BY_KEY:
        raise Http404
    return render(request, f"desk/help_{topic.replace('-', '_')}.html", {"topic": help_pages.BY_KEY[topic]})


@roles(Role.FRONT_DOOR, Role.CASEWORKER, Role.MANAGER, methods=("GET",))
def my_work(request: StaffRequest) -> HttpResponse:
    """What I must do, in order, from the facts themselves; or all of one kind. Runs at most twelve queries."""
    now = timezone.now()
    found = work.work_for(request.user, now)
    kind = request.GET.get("show", "")
    if kind in work.KINDS:
        items = work.of_kind(found, kind)
        context = {"kind": work.KINDS[kind].many.capitalize(), "more": len(items) > work.A_PAGE}
        return render(request, "desk/work_kind.html", {**context, "rows": work.in_words(items[: work.A_PAGE], now)})
    context = {"groups": work.by_day(found, now), "much": work.how_much(found)}
    return render(request, "desk/work.html", context)


@roles(*Role)
def go(request: StaffRequest) -> HttpResponse:
    """Go to a record by its reference, or to a page by its name. The palette asks in the same way and wants data back."""
    form = GoForm(request.POST if request.method == "POST" else None)
    found = places.look_up(form.cleaned_data["words"], request.user) if form.is_valid() else []
    if form.is_valid() and not found:
        form.add_error("words", GoForm.NOTHING)
    wants_data = request.headers.get("Accept", "") == "application/json"
    if len(found) == 1:
        return JsonResponse({"href": found[0].href}) if wants_data else redirect(found[0].href)
    if wants_data:
        return JsonResponse({"error": form.errors.get("words", [GoForm.SEVERAL])[0]})
    context = {"form": form, "found": found, "pages": places.pages_for(request.user.role)}
    return render(request, "desk/go.html", context | {"recent": places.recent_places(request.user)})


@roles(*Role, methods=("GET",))
def go_places(request: StaffRequest) -> HttpResponse:
    """What the palette offers when it opens: where the person was lately, then their pages. Runs two queries."""
    offered = [*places.recent_places(request.user), *places.pages_for(request.user.role)]
    return JsonResponse({"places": [vars(place) for place in offered]})


@roles(*Role)
def keyboard(request: StaffRequest) -> HttpResponse:
    """The list of keyboard shortcuts, and the switch that turns them off for this person."""
    form = ShortcutsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        on = form.cleaned_data["on"] == "yes"
        set_shortcuts(request.user, on=on, by=request.user)
        messages.success(request, f"Keyboard shortcuts are {'on' if on else 'off'}.")
        return redirect("desk:shortcuts")
    return render(request, "desk/shortcuts.html", {"form": form, "keys": shortcuts.in_words(request.user)})
