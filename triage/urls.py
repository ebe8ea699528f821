"""Addresses of the triage room."""

from django.urls import path

from triage.views import contacts, front_door, people, queue, safeguarding, suggestion

app_name = "triage"
urlpatterns = [
    path("contacts/new", front_door.log, name="log"),
    path("contacts/new/suggestion", suggestion.suggest, name="suggest"),
    path("contacts/new/people", people.suggest_people, name="people"),
    path("contacts/<str:reference>/logged", front_door.logged, name="logged"),
    path("contacts/<str:reference>/link", people.link, name="link"),
    path("triage", queue.queue, name="queue"),
    path("triage/<str:reference>", queue.item, name="item"),
    path("triage/<str:reference>/claim", queue.claim, name="claim"),
    path("triage/<str:reference>/release", queue.release, name="release"),
    path("triage/<str:reference>/answers", contacts.answers, name="answers"),
    path("triage/<str:reference>/withdraw", contacts.withdraw, name="withdraw"),
    path("safeguarding", safeguarding.safeguarding, name="safeguarding"),
    path("safeguarding/<str:reference>", safeguarding.episode, name="episode"),
]
