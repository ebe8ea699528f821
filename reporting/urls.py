"""Addresses of the reporting room."""

from django.urls import path

from reporting.views import figures, runs

app_name = "reporting"
urlpatterns = [
    path("dashboard", figures.dashboard, name="dashboard"),
    path("dashboard.csv", figures.dashboard_csv, name="dashboard_csv"),
    path("dashboard/publish", runs.freeze, name="freeze"),
    path("dashboard/notes", runs.annotate, name="annotate"),
    path("measures", figures.measures, name="measures"),
    path("measures/published", figures.published, name="published"),
    path("measures/<slug:key>.csv", figures.measure_csv, name="measure_csv"),
    path("measures/<slug:key>", figures.measure, name="measure"),
    path("runs", runs.runs, name="runs"),
    path("runs/recompute", runs.recompute, name="recompute"),
]
