"""Moves, versions, references, drafts and forms that are sent twice: the grammar that all rooms speak."""

import secrets
import uuid
from random import Random

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organisation
from intake.models import Contact
from ledger import acting, drafts
from ledger.models import AuditEvent, Draft
from ledger.moves import InvalidMove, advance
from ledger.references import ALPHABET, afresh, draw_unused, new_reference, read_reference
from ledger.versions import StaleVersion, save_changes
from tests import make


def test_a_move_changes_status_writes_the_trail_and_counts_the_version(finn, gus):
    contact = make.contact(make.resident())
    with acting.acting_as(finn):
        fresh = advance(contact, "queue", by=finn, about=contact.about())
    assert (fresh.status, fresh.version) == (Contact.Status.WAITING, 2)
    with acting.acting_as(gus):
        entry = AuditEvent.objects.get(verb="queue")
    assert entry.reference == contact.reference and entry.about == contact.about()
    assert set(entry.fields) == {"status", "version"}


def test_a_move_from_a_status_that_has_passed_is_refused_in_words(finn):
    contact = make.contact()
    with acting.acting_as(finn):
        advance(contact, "withdraw", by=finn)
        assert contact.can("withdraw")  # this copy is stale: the database is asked
        with pytest.raises(InvalidMove, match="is now withdrawn"):
            advance(contact, "queue", by=finn)


def test_the_second_of_two_edits_is_refused_and_nothing_is_lost(finn, ben):
    person = make.resident()
    with acting.acting_as(finn):
        save_changes(person, seen=1, by=finn, language="Somali")
    with acting.acting_as(ben), pytest.raises(StaleVersion) as refusal:
        save_changes(person, seen=1, by=ben, language="Urdu")
    assert refusal.value.current.language == "Somali"


def test_old_values_are_kept_even_for_bulk_updates(finn):
    person = make.resident(language="Somali")
    History = type(person)._meta.apps.get_model("residents", "ResidentHistory")
    with acting.acting_as(finn):
        type(person).objects.filter(pk=person.pk).update(language="Urdu")
        assert list(History.objects.values_list("language", "pgh_label")) == [("Somali", "changed")]


@given(st.integers(), st.integers(0, 6), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_reads_as_another_reference(seed, place, letter):
    good = new_reference(Random(seed))
    body = good[3:].replace("-", "")
    wrong = body[:place] + letter + body[place + 1 :]
    assert read_reference(f"CS-{wrong[:4]}-{wrong[4:]}") == (good if wrong == body else None)


@given(st.integers(), st.integers(0, 5))
def test_two_swapped_characters_never_read_as_another_reference(seed, place):
    good = new_reference(Random(seed))
    body = good[3:].replace("-", "")
    wrong = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert read_reference(f"cs {wrong[:4]} {wrong[4:]}") == (good if wrong == body else None)


def test_a_draft_is_ones_own_and_holds_no_secrets(finn, ben):
    typed = QueryDict("words=He+said&password=secret&once=x&csrfmiddlewaretoken=y&empty=")
    with acting.acting_as(finn):
        drafts.save_draft("contact", by=finn, path="/contacts/new", data=drafts.fields_of(typed))
        drafts.save_draft("contact", by=finn, path="/contacts/new", data={"words": ["He said more"]})
        assert Draft.objects.get().data == {"words": ["He said more"]}
    with acting.acting_as(ben):
        assert Draft.objects.count() == 0
    assert drafts.fields_of(typed) == {"words": ["He said"]}


def test_too_much_for_a_draft_is_refused_in_words(finn):
    with acting.acting_as(finn), pytest.raises(ValidationError, match="too long"):
        drafts.save_draft("contact", by=finn, path="/", data={"words": ["x" * 200_001]})


def test_typing_is_kept_by_the_page_and_found_on_another_desk(finn, client):
    client.force_login(finn)
    answer = client.post(
        "/drafts/save",
        {"draft": "contact", "words": "I am behind"},
        headers={"referer": "http://testserver/contacts/new"},
    )
    assert answer.status_code == 200 and "saved_at" in answer.json()
    with acting.acting_as(finn):
        kept = drafts.find_draft("contact", by=finn)
    assert kept.data == {"words": ["I am behind"]} and kept.path == "/contacts/new"


def test_a_save_that_its_own_form_has_overtaken_leaves_no_draft(ada, client):
    client.force_login(ada)
    form = {"name": "Harbour Food Bank", "email": "help@harbour.example", "active": "on", "once": str(uuid.uuid4())}
    typing = {"draft": "organisation", "name": "Harbour Food", "sent_with": form["once"]}
    assert client.post("/drafts/save", typing).status_code == 200
    with acting.acting_as(ada):
        assert drafts.find_draft("organisation", by=ada).data == {"name": ["Harbour Food"]}
    assert client.post("/organisations", {**form, "draft": "organisation"}).status_code == 302
    assert client.post("/drafts/save", typing).status_code == 200
    with acting.acting_as(ada):
        assert drafts.find_draft("organisation", by=ada) is None


def test_a_form_that_is_sent_twice_makes_one_row(ada, client):
    client.force_login(ada)
    form = {
        "name": "Harbour Food Bank",
        "email": "help@harbour.example",
        "phone": "",
        "active": "on",
        "once": str(uuid.uuid4()),
    }
    first, second = client.post("/organisations", form), client.post("/organisations", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Organisation.objects.filter(name="Harbour Food Bank").count() == 1
    # The browser throws away what the first answer said.
    assert "You sent this twice. It was done once." in [str(one) for one in get_messages(second.wsgi_request)]


def test_a_corrected_form_may_be_sent_again_with_its_key(ada, client):
    client.force_login(ada)
    form = {"name": "", "email": "help@harbour.example", "once": str(uuid.uuid4())}
    assert client.post("/organisations", form).status_code == 200
    assert client.post("/organisations", {**form, "name": "Harbour"}).status_code == 302


def test_another_persons_key_does_not_answer_for_them(ada, gus, client):
    key = str(uuid.uuid4())
    client.force_login(ada)
    client.post("/organisations", {"name": "One", "email": "a@b.example", "once": key})
    client.force_login(gus)
    assert client.post("/trail/proof", {"once": key}).status_code == 200


def draw(monkeypatch, *references):
    """Let the next references be these, then any."""
    letters = iter("".join(one[3:].replace("-", "")[:6] for one in references))
    choose = secrets.choice
    monkeypatch.setattr(secrets, "choice", lambda alphabet: next(letters, None) or choose(alphabet))


def test_a_reference_that_is_taken_is_drawn_again_and_nobody_notices(ada, client, monkeypatch):
    client.force_login(ada)
    form = {"name": "Harbour Food Bank", "email": "help@harbour.example", "active": "on", "once": str(uuid.uuid4())}
    draw(monkeypatch, ada.organisation.reference)
    assert client.post("/organisations", form).status_code == 302
    made = Organisation.objects.get(name="Harbour Food Bank")
    assert made.reference != ada.organisation.reference


def test_of_many_at_once_none_is_taken_twice(ada):
    one, two, three, four = (Organisation(name=f"Number {number}") for number in range(4))
    one.reference = two.reference = ada.organisation.reference
    three.reference = four.reference
    draw_unused([one, two, three, four])
    assert len({ada.organisation.reference, *(each.reference for each in (one, two, three, four))}) == 5
    assert all(read_reference(each.reference) for each in (one, two, three, four))


def test_another_clash_is_not_tried_again(ada, monkeypatch):
    tries = []

    def twice_the_same():
        tries.append(1)
        Organisation.objects.create(name="Another", kind=Organisation.Kind.PARTNER, pk=ada.organisation_id)

    with pytest.raises(IntegrityError):
        afresh(twice_the_same)
    assert len(tries) == 1
