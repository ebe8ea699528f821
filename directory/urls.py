"""Addresses of the directory room."""

from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("services", views.services, name="services"),
    path("services/feeds", views.feeds, name="feeds"),
    path("services/feeds/<reference>", views.feed, name="feed"),
    path("services/<reference>", views.service, name="service"),
    path("services/<reference>/referrals", views.referable, name="referable"),
]
