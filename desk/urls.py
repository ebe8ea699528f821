"""Addresses of the desk: the front page, my work, and the quick ways between pages."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.start, name="home"),
    path("guide", views.guide_away, name="guide_away"),
    path("guide/back", views.guide_back, name="guide_back"),
    path("help", views.help_index, name="help"),
    path("help/<slug:topic>", views.help_topic, name="help_topic"),
    path("work", views.my_work, name="work"),
    path("go", views.go, name="go"),
    path("go/places", views.go_places, name="go_places"),
    path("shortcuts", views.keyboard, name="shortcuts"),
]
