"""Fills the peer: tickets of many people with three notes each, one in a thousand with 200, and a member of staff."""

import json
import sys
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from helpdesk.models import Queue, Ticket  # noqa: E402

STAFF = "staff"
LONG = 1_000
FIRST = ("Amina", "Grace", "Mohammed", "Olga", "Tunde", "Fatima", "Peter", "Leila", "Samir", "Joan", "Ivo", "Ngozi")
LAST = (
    "Okafor",
    "Begum",
    "Khan",
    "Smith",
    "Patel",
    "Adeyemi",
    "Kowalska",
    "Brown",
    "Mensah",
    "Ali",
    "Novak",
    "Castell",
)

TICKETS = """
    INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, assigned_to_id, status, on_hold,
        description, resolution, priority, secret_key, due_date)
    SELECT (%(first)s::text[])[1 + n %% 12] || ' ' || (%(last)s::text[])[1 + (n / 12) %% 12] || ' ' || (n %% 977)
             || ': ' || (ARRAY['rent arrears', 'food', 'damp', 'benefits', 'school'])[1 + n %% 5],
        (%(queues)s::int[])[1 + n %% 5], now() - (n || ' minutes')::interval * 26, now() - (n || ' minutes')::interval * 26,
        'person' || n || '@example.org', %(users)s + n %% 20, CASE WHEN n %% 10 = 0 THEN 1 + n %% 3 ELSE 4 END, false,
        'They called about ' || (ARRAY['the rent', 'food until Friday', 'damp', 'a letter', 'school'])[1 + n %% 5]
             || ' and do not know what to do. They live with two children and were told how we use what they say.',
        '', 1 + n %% 5, substr(md5(n::text), 1, 32), now() + ((n %% 60) || ' days')::interval
    FROM generate_series(1, %(count)s) n
"""
NOTES = """
    INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id, message_id, email_recipients)
    SELECT t.id, t.created + (k || ' hours')::interval, 'Comment', 'Called about the appointment. They have the letter and '
        || 'will bring it on Thursday. Nothing else has changed since the last call.', false, %(users)s + k %% 20, '', '{}'
    FROM helpdesk_ticket t, LATERAL generate_series(1, CASE WHEN t.id %% %(long)s = 0 THEN 200 ELSE 3 END) k
"""


def fill(count: int) -> None:
    """Make the tables and the tickets."""
    call_command("migrate", verbosity=0)
    people = get_user_model().objects
    first = people.create_superuser(STAFF, f"{STAFF}@example.org", None)
    for number in range(1, 20):
        people.create(username=f"{STAFF}{number}", email=f"{STAFF}{number}@example.org", is_staff=True)
    queues = [
        Queue.objects.create(title=f"Queue {n}", slug=f"queue-{n}", escalate_days=0, allow_public_submission=True).pk
        for n in range(5)
    ]
    values = {
        "first": list(FIRST),
        "last": list(LAST),
        "queues": queues,
        "users": first.pk,
        "count": count,
        "long": LONG,
    }
    with connection.cursor() as cursor:
        cursor.execute(TICKETS, values)
        cursor.execute(NOTES, values)
        cursor.execute("VACUUM (ANALYZE)")


def cast() -> dict[str, object]:
    """A session, a ticket with 200 notes, names to look for."""
    staff = get_user_model().objects.get(username=STAFF)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.save()
    long = Ticket.objects.filter(pk=LONG).first() or Ticket.objects.order_by("pk").first()
    names = [f"{FIRST[n % 12]} {LAST[(n * 5) % 12]} {n * 37 % 977}" for n in range(24)]
    return {"session": session.session_key, "long": long.pk, "names": names, "queue": Queue.objects.first().pk}


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
        print(json.dumps({"filled": int(sys.argv[2])}))
    else:
        print(json.dumps(cast()))
