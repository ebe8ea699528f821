"""Pages of intake and triage: logging in one go, looking for the person, bad input, drafts, queue, decision."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.models import Contact
from intake.reference_data import seed_needs
from ledger.models import Draft
from residents.search import write_keys
from tests import make
from triage import actions
from triage.history import history_before, history_of
from triage.models import Decision, SafeguardingEpisode, TriageItem
from triage.most_used import ranked
from triage.tiers import Tier

LOG = reverse("triage:log")


@pytest.fixture(autouse=True)
def _needs(system):
    seed_needs()
    ranked.cache_clear()


def typed(**fields):
    """The least that a light contact needs."""
    return {
        "not_known": "on",
        "words": "Where is the library?",
        "needs": ["information"],
        "all_five": "on",
        "basis": "privacy_notice",
        "outcome": "advice",
        "channel": "phone_in",
        "speaking": "self",
        "once": str(uuid.uuid4()),
        "draft": "contact",
        **fields,
    }


def errors(response):
    """The messages of the page's form."""
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def queued(by, **fields):
    """A contact in the queue that nobody has decided."""
    contact = make.contact(fields.pop("resident", None) or make.resident(), logged_by=by, **fields)
    return actions.queue_contact(contact, by=by, at=contact.received_at)


# --- logging -----------------------------------------------------------------------------------------------------


def test_light_help_is_recorded_and_decided_in_one_go(sign_in, finn):
    response = sign_in(finn).post(LOG, typed())

    contact = Contact.objects.get()
    assert response.url == reverse("triage:logged", args=[contact.reference])
    assert contact.status == "decided" and Decision.objects.get().chosen_tier == Tier.ACCESS
    page = sign_in(finn).get(response.url).content.decode()
    assert contact.reference in page and "nobody has to act" in page


def test_anything_heavier_lands_on_the_decision(sign_in, finn):
    response = sign_in(finn).post(LOG, typed(needs=["debt"], arrears=["rent", "utilities"]))

    contact = Contact.objects.get()
    assert response.url == reverse("triage:item", args=[contact.reference])
    assert contact.triage_item.suggested_tier == Tier.SUPPORT
    assert "R22" in sign_in(finn).get(response.url).content.decode()


def test_a_contact_of_somebody_whom_we_know(sign_in, finn):
    person = make.resident("Amina Okafor")
    make.contact(person, needs=["debt"], received_at=timezone.now() - timedelta(days=3))

    page = sign_in(finn).get(LOG, {"resident": person.reference}).content.decode()
    assert "Amina Okafor" in page and "Earlier contacts" in page
    sign_in(finn).post(f"{LOG}?resident={person.reference}", typed(not_known="", resident=person.reference))

    assert Contact.objects.latest("id").resident == person


def test_the_person_is_found_within_the_page_and_nothing_typed_is_lost(sign_in, finn):
    person = make.resident("Amina Okafor")
    write_keys(person)

    looked = sign_in(finn).post(LOG, typed(not_known="", find="Amina Okafor"))
    assert person.reference in looked.content.decode() and "Where is the library?" in looked.content.decode()
    chosen = sign_in(finn).post(LOG, typed(not_known="", choose=person.reference))

    assert chosen.context["person"] == person and "Where is the library?" in chosen.content.decode()
    assert not Contact.objects.exists() and not chosen.context["form"].errors


def test_the_person_must_be_found_or_not_known(sign_in, finn):
    response = sign_in(finn).post(LOG, typed(not_known=""))

    assert "find" in errors(response) and not Contact.objects.exists()


def test_a_double_click_makes_one_contact(sign_in, finn):
    form = typed()
    first, second = sign_in(finn).post(LOG, form), sign_in(finn).post(LOG, form)

    assert first.url == second.url and Contact.objects.count() == 1


def test_not_asked_needs_a_reason_and_goes_to_the_queue(sign_in, finn):
    refused = sign_in(finn).post(LOG, typed(all_five=""))
    assert "why_not_asked" in errors(refused)

    sign_in(finn).post(LOG, typed(all_five="", why_not_asked="They were not alone", safe_now="yes"))
    contact = Contact.objects.get()
    answers = {row.question: (row.said, row.why) for row in contact.answers.all()}
    assert answers["safe_now"] == ("yes", "")
    assert answers["hurt_or_controlled"] == ("not_asked", "They were not alone")
    assert contact.triage_item.suggested_tier == Tier.TRIAGE


def test_a_simple_enquiry_needs_no_screening_but_a_debt_does(sign_in, finn):
    assert sign_in(finn).post(LOG, typed(all_five="", transactional="on")).status_code == 302
    assert "transactional" in errors(sign_in(finn).post(LOG, typed(all_five="", transactional="on", needs=["debt"])))


def test_all_is_well_and_an_answer_that_says_otherwise(sign_in, finn):
    assert "all_five" in errors(sign_in(finn).post(LOG, typed(safe_now="no")))


BAD = [
    ({"words": ""}, "words"),
    ({"words": "x" * 10_001}, "words"),
    ({"words": "null\x00byte"}, "words"),
    ({"received_on_0": "31", "received_on_1": "2", "received_on_2": "2026"}, "received_on"),
    ({"received_on_0": "1", "received_on_1": "1", "received_on_2": "2999"}, "received_on"),
    ({"received_on_0": "1", "received_on_1": "1", "received_on_2": "1999"}, "received_on"),
    ({"received_time": "25:61"}, "received_time"),
    ({"received_time": "٣٣:٣٣"}, "received_time"),
    ({"dash_score": "30"}, "dash_score"),
    ({"dash_score": "-1"}, "dash_score"),
    ({"arrears_pence": "lots"}, "arrears_pence"),
    ({"attendance_percent": "101"}, "attendance_percent"),
    ({"home_loss_on_0": "99", "home_loss_on_1": "99", "home_loss_on_2": "99"}, "home_loss_on"),
    ({"next_step": "Call back"}, "next_step_on"),
    ({"next_step_on_0": "1", "next_step_on_1": "1", "next_step_on_2": "2030"}, "next_step"),
    ({"next_step": "Call", "next_step_on_0": "1", "next_step_on_1": "1", "next_step_on_2": "2020"}, "next_step_on"),
    ({"channel": "pigeon"}, "channel"),
    ({"basis": ""}, "basis"),
    ({"outcome": ""}, "outcome"),
    ({"needs": ["gold"]}, "needs"),
    ({"person_named": "n" * 201}, "person_named"),
    ({"safe_now": "perhaps"}, "safe_now"),
]


@pytest.mark.parametrize(("fields", "name"), BAD)
def test_bad_input_is_refused_in_words_and_kept(sign_in, finn, fields, name):
    response = sign_in(finn).post(LOG, typed(**fields))

    assert response.status_code == 200 and name in errors(response), errors(response)
    assert "There is a problem" in response.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("fields", "open_folds"),
    [({}, 0), ({"outcome": "abandoned"}, 1), ({"next_step": "Call back"}, 1), ({"received_time": "25:61"}, 1)],
)
def test_what_folds_on_a_phone_is_open_where_something_was_typed_in_it(sign_in, finn, fields, open_folds):
    page = sign_in(finn).post(LOG, typed(words="", **fields)).content.decode()
    assert page.count('app-unfolds"') == 2 and page.count('app-unfolds" open>') == open_folds


def test_any_script_and_ten_thousand_characters_are_kept_as_typed(sign_in, finn):
    words = "🙂 أنا بحاجة إلى مساعدة " + "ж" * 9_000
    sign_in(finn).post(LOG, typed(words=words))

    contact = Contact.objects.get()
    assert contact.words == words.strip()
    assert "أنا بحاجة" in sign_in(finn).get(reverse("intake:contact", args=[contact.reference])).content.decode()


def test_received_earlier_today_and_a_promise(sign_in, finn):
    soon = timezone.localdate() + timedelta(days=7)
    day = {"next_step_on_0": soon.day, "next_step_on_1": soon.month, "next_step_on_2": soon.year}
    early = timezone.localdate() - timedelta(days=1)
    got = {
        "received_on_0": early.day,
        "received_on_1": early.month,
        "received_on_2": early.year,
        "received_time": "2.30pm",
    }
    sign_in(finn).post(LOG, typed(next_step="Call back", next_step_time="10am", **day, **got))

    contact = Contact.objects.get()
    assert timezone.localtime(contact.received_at).strftime("%H:%M") == "14:30"
    assert timezone.localtime(contact.next_step_by).strftime("%H:%M") == "10:00"
    page = sign_in(finn).get(reverse("intake:promised")).content.decode()
    assert "Call back" in page
    sign_in(finn).post(reverse("intake:keep_promise", args=[contact.reference]))
    assert "Call back" not in sign_in(finn).get(reverse("intake:promised")).content.decode()


def test_what_was_typed_is_found_again_and_gone_once_sent(sign_in, finn):
    Draft.objects.create(
        person_id=finn.pk, form="contact", subject="", path=LOG, saved_at=timezone.now(),
        data={"words": ["Half a sentence"], "needs": ["debt"], "life_event_on_0": ["31"], "not_known": ["on"]},
    )  # fmt: skip

    page = sign_in(finn).get(LOG).content.decode()
    assert "Half a sentence" in page and "Start afresh" in page and 'value="31"' in page
    sign_in(finn).post(LOG, typed())

    assert not Draft.objects.exists()


def test_save_and_come_back_later_without_script(sign_in, finn):
    sign_in(finn).post(LOG, typed(words="Later", save_draft="1"))

    assert not Contact.objects.exists()
    assert "Later" in sign_in(finn).get(LOG).content.decode()


def test_a_restricted_person_looks_like_nobody(sign_in, finn):
    hidden = make.restricted_resident()

    assert sign_in(finn).get(LOG, {"resident": hidden.reference}).status_code == 404
    assert sign_in(finn).post(LOG, typed(not_known="", resident=hidden.reference)).status_code == 404
    contact = make.contact(hidden)
    for name in ("intake:contact", "triage:item", "triage:answers", "triage:withdraw", "triage:link", "triage:logged"):
        assert sign_in(finn).get(reverse(name, args=[contact.reference])).status_code == 404


def test_the_suggestion_while_typing_is_the_one_after_saving(sign_in, finn):
    person = make.resident("Amina Okafor")
    make.contact(person, needs=["debt"], received_at=timezone.now() - timedelta(days=3))
    form = typed(not_known="", resident=person.reference, needs=["debt"], arrears=["rent", "utilities"], outcome="")

    panel = sign_in(finn).post(reverse("triage:suggest"), form)
    assert panel.context["suggested"]["tier"] == "Support" and "Select what came of it" in panel.content.decode()
    assert Contact.objects.count() == 1
    sign_in(finn).post(LOG, {**form, "outcome": "to_triage"})
    saved = Contact.objects.latest("id")
    assert saved.triage_item.suggested_tier == Tier.SUPPORT
    assert history_of(saved) == history_before(
        person,
        household=saved.household,
        needs=["debt"],
        neglect=False,
        at=saved.received_at - timedelta(microseconds=1),
    )


def test_the_suggestion_says_nothing_of_somebody_who_may_not_be_seen(sign_in, finn):
    hidden = make.restricted_resident()

    assert sign_in(finn).post(reverse("triage:suggest"), typed(resident=hidden.reference)).status_code == 404
    empty = sign_in(finn).post(reverse("triage:suggest"), {"channel": "phone_in"})
    assert empty.context["suggested"] is None and "Select what came of it" in empty.content.decode()


def test_logging_asks_little_of_the_database_and_is_a_light_page(sign_in, finn, django_assert_max_num_queries):
    person = make.resident("Amina Okafor")
    make.contact(person, needs=["debt"])
    client = sign_in(finn)
    client.get(LOG)

    for address in (LOG, f"{LOG}?resident={person.reference}"):
        with django_assert_max_num_queries(16):  # two of them say who acts, two are savepoints of the test
            page = client.get(address)
        assert len(page.content) < 60_000


# --- the queue and the decision ----------------------------------------------------------------------------------


def test_the_queue_is_by_clock_and_can_be_taken_and_put_back(sign_in, finn, ben):
    item = queued(finn)
    sign_in(ben).post(reverse("triage:claim", args=[item.reference]))

    item.refresh_from_db()
    assert item.claimed_by == ben
    taken = sign_in(finn).post(reverse("triage:claim", args=[item.reference]), follow=True).content.decode()
    assert "Ben Osei took this at" in taken
    assert "Ben Osei" in sign_in(finn).get(reverse("triage:item", args=[item.reference])).content.decode()
    assert item.reference in sign_in(ben).get(reverse("triage:queue"), {"show": "mine"}).content.decode()
    assert item.reference not in sign_in(ben).get(reverse("triage:queue"), {"show": "unclaimed"}).content.decode()
    sign_in(ben).post(reverse("triage:release", args=[item.reference]))
    item.refresh_from_db()
    assert item.claimed_by is None


@pytest.mark.parametrize(
    "after", ["nonsense", "2026-13-45T99:99_1", "2026-01-01_x", "2026-01-01T00:00:00+00:00_" + "9" * 30]
)
def test_nonsense_in_the_address_of_the_queue_shows_the_first_page(sign_in, finn, after):
    queued(finn)

    response = sign_in(finn).get(reverse("triage:queue"), {"after": after, "show": "everything"})
    assert response.status_code == 200 and len(response.context["rows"]) == 1


def test_the_queue_costs_the_same_with_one_row_and_with_thirty(sign_in, finn, django_assert_max_num_queries):
    for _ in range(30):
        queued(finn)
    client = sign_in(finn)
    client.get(reverse("triage:queue"))

    with django_assert_max_num_queries(16):
        page = client.get(reverse("triage:queue"))
    assert len(page.context["rows"]) == 20 and page.context["older"]
    rest = client.get(reverse("triage:queue") + page.context["older"])
    assert len(rest.context["rows"]) == 10


def decide(**fields):
    """The least that a decision needs."""
    return {"tier": "3", "outcome": "to_triage", "next_step": "", "once": str(uuid.uuid4()), **fields}


def test_lower_without_a_reason_is_refused_beside_its_field(sign_in, ben, finn):
    item = queued(finn)
    page = reverse("triage:item", args=[item.reference])

    assert "lower_reason" in errors(sign_in(ben).post(page, decide(tier="1", outcome="advice")))
    assert "next_step" in errors(sign_in(ben).post(page, decide()))
    done = sign_in(ben).post(
        page, decide(tier="1", outcome="advice", lower_reason="known_safe", reason="Spoke with the school.")
    )
    assert done.status_code == 302 and Decision.objects.get().chosen_tier == Tier.ACCESS


def test_after_a_decision_the_next_of_the_same_part_of_the_queue_is_one_press_away(sign_in, ben, finn):
    first, taken, last = queued(finn), queued(finn), queued(finn)
    actions.claim(taken, by=finn, at=timezone.now())
    page, client = reverse("triage:item", args=[first.reference]), sign_in(ben)

    done = client.post(f"{page}?show=unclaimed", decide(tier="4", outcome="referred"), follow=True)
    said = done.content.decode()
    assert '<a href="/triage?show=unclaimed" class="govuk-back-link">' in said
    assert 'href="/triage?next=on&amp;show=unclaimed">Next in the queue' in said
    following = reverse("triage:item", args=[last.reference]) + "?show=unclaimed"
    assert client.get("/triage?next=on&show=unclaimed")["Location"] == following
    assert client.get("/triage?next=on&show=mine").status_code == 200
    for odd in ("x", "mine&a=b", "<b>"):
        assert client.get(f"/contacts/{first.reference}", {"queue": odd}).status_code == 200


def test_the_second_decision_is_told_of_the_first_and_keeps_its_words(sign_in, ben, finn, dev):
    item = queued(finn)
    page = reverse("triage:item", args=[item.reference])
    form = decide(tier="4", outcome="referred", reason="My own words")
    assert sign_in(ben).post(page, form).status_code == 302

    second = sign_in(dev).post(page, {**form, "once": str(uuid.uuid4())})
    assert "Ben Osei has decided this already: Support" in second.content.decode()
    assert "My own words" in second.content.decode()
    again = sign_in(dev).get(page)
    previous = again.context["form"].initial["previous"]
    assert sign_in(dev).post(page, decide(tier="5", outcome="referred", previous=previous)).status_code == 302


def test_answers_given_later_say_what_changed(sign_in, ben, finn):
    item = queued(finn, needs=["information"])
    page = reverse("triage:answers", args=[item.reference])
    version = sign_in(ben).get(page).context["version"]
    safe = {"safe_now": "yes", "sleep_tonight": "yes", "child_at_home": "no", "hurt_or_controlled": "no"}

    saved = sign_in(ben).post(page, {**safe, "needs_essentials": "no", "version": version}, follow=True)
    assert "The suggestion is now Access; it was Triage." in saved.content.decode()
    stale = sign_in(ben).post(page, {"safe_now": "no", "version": version})
    assert "Someone else changed this" in stale.content.decode()
    corrected = sign_in(ben).post(page, {"safe_now": "no", "version": str(int(version) + 1)}, follow=True)
    assert "now Triage; it was Access" in corrected.content.decode()


def test_a_nameless_contact_is_linked_later(sign_in, finn):
    contact = make.contact(None)
    person = make.resident("Amina Okafor")
    write_keys(person)
    page = reverse("triage:link", args=[contact.reference])

    assert person.reference in sign_in(finn).post(page, {"find": "Amina Okafor"}).content.decode()
    sign_in(finn).post(page, {"choose": person.reference})
    contact.refresh_from_db()
    assert contact.resident == person


def test_a_manager_completes_a_safeguarding_episode(sign_in, finn, dev):
    item = queued(finn)
    actions.answer_questions(item.contact, answers={"child_abuse": "yes"}, by=finn, at=timezone.now())
    actions.decide_tier(item.contact, tier=5, outcome="to_statutory", by=finn, at=timezone.now())
    found = SafeguardingEpisode.objects.get()

    assert sign_in(finn).get(reverse("triage:safeguarding")).status_code == 403
    assert found.reference in sign_in(dev).get(reverse("triage:safeguarding")).content.decode()
    page = reverse("triage:episode", args=[found.reference])
    assert "rationale" in errors(sign_in(dev).post(page, {"outcome": "assessment"}))
    sign_in(dev).post(page, {"outcome": "assessment", "rationale": "Threshold met."})
    assert "Threshold met." in sign_in(dev).get(page).content.decode()
    assert found.reference in sign_in(dev).get(reverse("triage:safeguarding"), {"show": "completed"}).content.decode()


def test_withdrawn_from_the_queue(sign_in, finn):
    item = queued(finn)

    sign_in(finn).post(reverse("triage:withdraw", args=[item.reference]), {"outcome": "withdrawn"})

    item.refresh_from_db()
    assert item.status == TriageItem.Status.WITHDRAWN
