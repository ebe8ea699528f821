"""Addresses of the accounts room."""

from django.urls import path

from accounts.views import drafts, pages, people, session, trail

app_name = "accounts"
urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("privacy", pages.privacy, name="privacy"),
    path("session/stay", session.stay, name="stay"),
    path("session/end", session.end, name="end_session"),
    path("drafts/save", drafts.save, name="save_draft"),
    path("drafts/discard", drafts.discard, name="discard_draft"),
    path("people", people.people, name="people"),
    path("people/new", people.add_user, name="add_user"),
    path("people/<str:reference>", people.user, name="user"),
    path("people/<str:reference>/close", people.end_account, name="end_account"),
    path("organisations", people.organisations, name="organisations"),
    path("organisations/<str:reference>", people.organisation, name="organisation"),
    path("teams", people.teams, name="teams"),
    path("teams/<str:reference>", people.team, name="team"),
    path("trail", trail.entries, name="trail"),
    path("trail/proof", trail.proof, name="trail_proof"),
]
