"""Addresses of the residents room."""

from django.urls import path

from residents.views import (
    contact_points,
    details,
    find,
    homes,
    households,
    pairs,
    places,
    relationships,
    safety,
    separating,
    sharing,
    single,
)

app_name = "residents"
_ONE = "residents/<slug:reference>"
_HOME = "households/<slug:reference>"
urlpatterns = [
    path("find", find.find_resident, name="find"),
    path("find/suggestions", find.suggest_residents, name="suggest"),
    path("residents/new", details.register, name="register"),
    path("residents/new/alike", details.alike, name="alike"),
    path("residents/pairs", pairs.pairs, name="pairs"),
    path("residents/pairs/<int:number>", pairs.pair, name="pair"),
    path(_ONE, single.resident, name="resident"),
    path(f"{_ONE}/details", details.details, name="details"),
    path(f"{_ONE}/phones", contact_points.add_phone, name="add_phone"),
    path(f"{_ONE}/phones/<int:number>", contact_points.change_phone, name="change_phone"),
    path(f"{_ONE}/phones/<int:number>/end", contact_points.end_phone, name="end_phone"),
    path(f"{_ONE}/emails", contact_points.add_email, name="add_email"),
    path(f"{_ONE}/emails/<int:number>", contact_points.change_email, name="change_email"),
    path(f"{_ONE}/emails/<int:number>/end", contact_points.end_email, name="end_email"),
    path(f"{_ONE}/address", places.move, name="address"),
    path(f"{_ONE}/no-fixed-abode", places.no_fixed_abode, name="no_fixed_abode"),
    path(f"{_ONE}/care-of", places.care_of, name="care_of"),
    path(f"{_ONE}/household", households.join, name="household"),
    path(f"{_ONE}/household/new", households.start, name="start_household"),
    path(f"{_ONE}/household/<int:number>/leave", households.leave, name="leave_household"),
    path(f"{_ONE}/relationships", relationships.relationships, name="relationships"),
    path(f"{_ONE}/relationships/new", relationships.add_relationship, name="add_relationship"),
    path(f"{_ONE}/relationships/<int:number>", relationships.correct_relationship, name="correct_relationship"),
    path(f"{_ONE}/relationships/<int:number>/end", relationships.end_relationship, name="end_relationship"),
    path(f"{_ONE}/elsewhere/new", relationships.add_person_who_matters, name="add_person_who_matters"),
    path(f"{_ONE}/elsewhere/<int:number>", relationships.change_person_who_matters, name="change_person_who_matters"),
    path(f"{_ONE}/elsewhere/<int:number>/end", relationships.end_person_who_matters, name="end_person_who_matters"),
    path(_HOME, homes.household, name="household_page"),
    path(f"{_HOME}/separate", separating.separate, name="separate_household"),
    path(f"{_HOME}/unite", separating.unite, name="unite_households"),
    path(f"{_ONE}/warnings", safety.warnings, name="warnings"),
    path(f"{_ONE}/warnings/new", safety.add_warning, name="add_warning"),
    path(f"{_ONE}/warnings/<int:number>", safety.review_warning, name="review_warning"),
    path(f"{_ONE}/warnings/<int:number>/end", safety.end_warning, name="end_warning"),
    path(f"{_ONE}/restriction", safety.restriction, name="restriction"),
    path(f"{_ONE}/restriction/lift", safety.lift_restriction, name="lift_restriction"),
    path(f"{_ONE}/restriction/<int:number>/end", safety.end_access, name="end_access"),
    path(f"{_ONE}/agreements", sharing.agreements, name="agreements"),
    path(f"{_ONE}/agreements/new", sharing.record_agreement, name="record_agreement"),
    path(f"{_ONE}/agreements/<slug:agreement>/withdraw", sharing.withdraw_agreement, name="withdraw_agreement"),
]
