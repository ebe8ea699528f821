"""The dashboard, the measures with their definitions, and their files. They read stored figures only."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.access import StaffRequest, roles
from accounts.models import Role
from ledger import trail
from reporting.boards import MOVEMENT, Board, boards, brief_picture, every_board, line, picture
from reporting.exports import as_csv, csv_answer
from reporting.kept import standing
from reporting.measures import QUESTIONS, Measure, Question, find_measure
from reporting.periods import USUAL, known_months, read_period
from reporting.published import PUBLISHED, accommodation_chart
from reporting.suppression import Way


@roles(Role.MANAGER, methods=("GET",))
def dashboard(request: StaffRequest) -> HttpResponse:
    """Every measure as a line under the question that it answers, and those that say most as pictures."""
    now, stands, role = timezone.now(), standing(), request.user.role
    known = stands.keep("months", role=role, draw=known_months)
    period = read_period(request.GET, timezone.localdate(now), known=known, longest=USUAL)

    def draw() -> SafeString:
        found = every_board(period.months, now=now, user=request.user)
        sections = [_section(question, found, period.query) for question in QUESTIONS]
        return render_to_string("reporting/_sections.html", {"sections": sections})

    sections = stands.keep("dashboard", period.query, role=role, draw=draw)
    page = {"period": period, "questions": QUESTIONS, "sections": sections, "computed_at": stands.computed_at}
    return render(request, "reporting/dashboard.html", page)


@roles(Role.MANAGER, methods=("GET",))
def dashboard_csv(request: StaffRequest) -> HttpResponse:
    """Every measure of the period as a file."""
    now, stands, role = timezone.now(), standing(), request.user.role
    known = stands.keep("months", role=role, draw=known_months)
    period = read_period(request.GET, timezone.localdate(now), known=known)

    def write() -> str:
        found = every_board(period.months, now=now, user=request.user, way=Way.EXPORT)
        return as_csv(found.values())

    text = stands.keep("csv", period.query, role=role, draw=write)
    trail.record("export", by=request.user, kind="reporting.Reading", reference="dashboard")
    return csv_answer(text, f"dashboard-{period.last:%Y-%m}.csv")


@roles(Role.MANAGER, Role.GOVERNANCE, methods=("GET",))
def measures(request: StaffRequest) -> HttpResponse:
    """What each measure counts and what it does not. No figures."""
    sees_figures = request.user.role == Role.MANAGER
    return render(request, "reporting/measure_list.html", {"questions": QUESTIONS, "sees_figures": sees_figures})


@roles(Role.MANAGER, methods=("GET",))
def measure(request: StaffRequest, key: str) -> HttpResponse:
    """One measure in full: definition, picture, table."""
    one, now = _find(key), timezone.now()
    period = read_period(request.GET, timezone.localdate(now))
    chart = picture(boards([one], period.months, now=now, user=request.user)[one.key])
    return render(request, "reporting/measure_detail.html", {"measure": one, "period": period, "chart": chart})


@roles(Role.MANAGER, methods=("GET",))
def measure_csv(request: StaffRequest, key: str) -> HttpResponse:
    """One measure of the period as a file."""
    one, now = _find(key), timezone.now()
    period = read_period(request.GET, timezone.localdate(now))
    found = boards([one], period.months, now=now, user=request.user, way=Way.EXPORT)
    trail.record("export", by=request.user, kind="reporting.Reading", reference=one.key)
    return csv_answer(as_csv(found.values()), f"{one.key}-{period.last:%Y-%m}.csv")


@roles(Role.MANAGER, Role.GOVERNANCE, methods=("GET",))
def published(request: StaffRequest) -> HttpResponse:
    """What others have published, with sources: reference points, apart from our own figures."""
    return render(request, "reporting/published.html", {"figures": PUBLISHED, "chart": accommodation_chart()})


def _find(key: str) -> Measure:
    found = find_measure(key)
    if found is None:
        raise Http404
    return found


def _section(question: Question, found: Mapping[str, Board], query: str) -> dict[str, object]:
    """One question of the dashboard with its lines and pictures. A flow between tiers is a picture only."""
    group = question.measures
    lines = [line(found[one.key], _address(one, query)) for one in group if one.key != MOVEMENT]
    drawn = [found[one.key] for one in group if one.headline or one.key == MOVEMENT]
    charts = [brief_picture(board, _address(board.measure, query)) for board in drawn if board.first]
    return {"question": question, "lines": lines, "charts": charts}


def _address(one: Measure, query: str) -> str:
    return f"{reverse('reporting:measure', args=[one.key])}?{query}"
