"""Addresses of the desk: the front page and my work."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("", views.start, name="home"),
    path("work", views.my_work, name="work"),
]
