"""Addresses of the cases room."""

from django.urls import path

from cases.views import allocate, cases, lists, money, notes, people, plan, story

app_name = "cases"
urlpatterns = [
    path("allocate", allocate.awaiting, name="awaiting"),
    path("allocate/several", allocate.allocate_several, name="allocate_several"),
    path("allocate/hand-over", allocate.hand_over, name="hand_over"),
    path("allocate/<str:reference>", allocate.allocate_one, name="allocate_one"),
    path("cases", lists.cases, name="cases"),
    path("cases/needs/<str:reference>", plan.need, name="need"),
    path("cases/needs/<str:reference>/progress", plan.progress, name="progress"),
    path("cases/needs/<str:reference>/settle", plan.close_need, name="close_need"),
    path("cases/needs/<str:reference>/reopen", plan.reopen_need, name="reopen_need"),
    path("cases/needs/<str:reference>/action", plan.add_action, name="add_action"),
    path("cases/actions/<str:reference>", plan.action, name="action"),
    path("cases/actions/<str:reference>/done", plan.finish_action, name="finish_action"),
    path("cases/actions/<str:reference>/drop", plan.drop_action, name="drop_action"),
    path("cases/actions/<str:reference>/reopen", plan.reopen_action, name="reopen_action"),
    path("cases/note/<str:reference>", notes.addendum, name="addendum"),
    path("cases/placements/<str:reference>/move", money.move_placement, name="move_placement"),
    path("cases/placements/<str:reference>/leave", money.end_placement, name="end_placement"),
    path("cases/gains/<str:reference>", money.gain, name="gain"),
    path("cases/gains/<str:reference>/refuse", money.refuse_gain, name="refuse_gain"),
    path("cases/members/<int:number>/end", people.end_member, name="end_member"),
    path("cases/agencies/<int:number>/end", people.end_agency, name="end_agency"),
    path("cases/named/<int:number>/end", people.end_person, name="end_person"),
    path("cases/<str:reference>", cases.case, name="case"),
    path("cases/<str:reference>/plan", plan.plan, name="plan"),
    path("cases/<str:reference>/plan/need", plan.add_need, name="add_need"),
    path("cases/<str:reference>/notes", notes.notes, name="notes"),
    path("cases/<str:reference>/story", story.story, name="story"),
    path("cases/<str:reference>/reviews", notes.reviews, name="reviews"),
    path("cases/<str:reference>/people", people.people, name="people"),
    path("cases/<str:reference>/people/member", people.add_member, name="add_member"),
    path("cases/<str:reference>/people/agency", people.add_agency, name="add_agency"),
    path("cases/<str:reference>/people/colleague", people.name_person, name="name_person"),
    path("cases/<str:reference>/housing", money.housing, name="housing"),
    path("cases/<str:reference>/money", money.money, name="money"),
    path("cases/<str:reference>/lead", cases.reallocate, name="reallocate"),
    path("cases/<str:reference>/up", cases.step_up, name="step_up"),
    path("cases/<str:reference>/down", cases.step_down, name="step_down"),
    path("cases/<str:reference>/close", cases.close, name="close"),
    path("cases/<str:reference>/check", cases.check, name="check"),
]
