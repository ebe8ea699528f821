"""Who is on a case: members, agencies, named colleagues."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import StaffRequest, roles
from cases import actions
from cases.forms.cases import AgencyForm, MemberForm, PersonForm, ReasonForm
from cases.models import CaseAgency, CaseMember, CasePerson
from cases.views.frame import WORKERS, done, done_at_once, find_case, find_part, list_of, page, sent
from residents.models import behind_the_walls_of


@roles(*WORKERS, methods=("GET",))
def people(request: StaffRequest, reference: str) -> HttpResponse:
    """The household, the agencies and the named colleagues. Runs three queries for them."""
    case = find_case(request, reference)
    left = case.members.exclude(until=None).exclude(resident__in=behind_the_walls_of(case.household_id))
    left = left.select_related("resident")
    agencies = case.agencies.filter(until=None).select_related("organisation")
    named = case.people.filter(until=None).select_related("user")
    context = {"left": list(left), "agencies": list(agencies), "named": list(named)}
    return page(request, case, "cases/people_view.html", "people", **context)


@roles(*WORKERS)
def add_member(request: StaffRequest, reference: str) -> HttpResponse:
    """Put somebody else of the household on the case."""
    case = find_case(request, reference)
    form = MemberForm(sent(request), case=case, user=request.user)
    if done(request, form, partial(actions.add_member, case), "Added to the case"):
        return redirect("cases:people", reference)
    text = "People who live, or lived, in this household. Add somebody to the household first if they are not here."
    words = {"heading": "Add a member", "submit": "Add to the case", "text": text}
    return page(request, case, "cases/case_form.html", "people", form=form, words=words)


@roles(*WORKERS)
def end_member(request: StaffRequest, number: int) -> HttpResponse:
    """Take somebody off the case."""
    member = find_part(request, CaseMember.objects.visible_to(request.user).select_related("resident"), pk=number)
    form = ReasonForm(sent(request))
    if done(request, form, partial(actions.end_member, member), "Taken off the case"):
        return redirect("cases:people", member.case.reference)
    words = {"heading": "Take somebody off the case", "submit": "Take them off", "text": str(member.resident)}
    return page(request, member.case, "cases/case_form.html", "people", form=form, words=words)


@roles(*WORKERS)
def add_agency(request: StaffRequest, reference: str) -> HttpResponse:
    """Put an organisation on the case."""
    case = find_case(request, reference)
    form = AgencyForm(sent(request))
    if done(request, form, partial(actions.add_agency, case), "Agency added"):
        return redirect("cases:people", reference)
    text = "An agency that works on the case with us. To hand somebody to a partner, refer them instead."
    words = {"heading": "Add an agency", "submit": "Add the agency", "text": text}
    return page(request, case, "cases/case_form.html", "people", form=form, words=words)


@roles(*WORKERS, methods=("POST",))
def end_agency(request: StaffRequest, number: int) -> HttpResponse:
    """Record that an agency no longer works on the case."""
    agency = find_part(request, CaseAgency.objects.visible_to(request.user), pk=number)
    done_at_once(request, partial(actions.end_agency, agency), "Agency taken off")
    return redirect("cases:people", agency.case.reference)


@roles(*WORKERS)
def name_person(request: StaffRequest, reference: str) -> HttpResponse:
    """Let a colleague of another team see and work on the case."""
    case = find_case(request, reference)
    form = PersonForm(sent(request))
    if done(request, form, partial(actions.name_person, case), "Named on the case"):
        return redirect("cases:people", reference)
    text = "They will see the whole case and may work on it, until you take them off again."
    words = {"heading": "Name a colleague", "submit": "Name them", "text": text}
    return page(request, case, "cases/case_form.html", "people", form=form, words=words)


@roles(*WORKERS, methods=("POST",))
def end_person(request: StaffRequest, number: int) -> HttpResponse:
    """Take a named colleague off the case."""
    person = find_part(request, CasePerson.objects.visible_to(request.user), pk=number)
    done_at_once(request, partial(actions.end_person, person), "No longer named")
    if person.user_id == request.user.pk:
        return redirect(f"{reverse('cases:cases')}{list_of(request)}")
    return redirect("cases:people", person.case.reference)
