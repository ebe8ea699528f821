"""Everything that sends, every job, and every page on which a way to somebody stands is written down here with how it keeps to
`residents.reach`. A new one fails until somebody has thought about it: a wrong message can tell a violent partner where to look.
"""

import re

from celery import current_app

from tests.house import rules

TALKS = re.compile(
    r"(django\.core\.mail|smtplib|imaplib|email\.message|http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|socket|ftplib)(\.|$)"
)
# Files that talk to something outside the process: to whom, and what of a resident goes there.
SENDS = {
    "referrals/notices.py": "e-mail to a partner's own address: that something waits and where; nothing about anybody",
    "residents/lookup.py": "a postcode to the address look-up, never whose",
    "ledger/management/commands/health.py": "asks our own web process whether it is well",
    "community_solutions/up.py": "asks our own web process whether it is up",
    "community_solutions/local.py": "looks for a free port on this machine",
}
NOBODY = "reaches nobody"
# Every job of the queue and the clock: whom it reaches. One that reaches residents asks `may_send` with Purpose.AUTOMATIC.
JOBS = {
    "ledger.seal": NOBODY,
    "ledger.sweep": NOBODY,
    "ledger.tick": NOBODY,
    "residents.look_for_pairs": NOBODY,
    "residents.find_pairs": NOBODY,
    "residents.catch_up": NOBODY,
    "intake.read_changeset": NOBODY,
    "intake.take_changeset": NOBODY,
    "intake.undo_changeset": NOBODY,
    "intake.compare_people": NOBODY,
    "referrals.tell_partner": "a partner's own address, by referrals/notices.py; not once the agreement was withdrawn",
    "referrals.chase": NOBODY,
    "reporting.fold_in": NOBODY,
    "reporting.recompute": NOBODY,
    "reporting.recompute_now": NOBODY,
}
WAYS = re.compile(
    r"\{ way\.|\.ways\b|_call_back|safe_contact|shared_contact|reply_to|(phone|one)\.(number|phone)\b|email\.address|mailto:|\btel:|sms:"
    r"|\|\s*phone\b|place\.said\b"
)
REACH, RECORD, FROZEN, OURS = (
    "asks reach",
    "the record itself",
    "asked reach when it was sent, and asks again",
    "not a resident's",
)
SCREENS = {
    "intake/_call_back.html": REACH,
    "intake/contact.html": REACH,
    "intake/promised.html": REACH,
    "triage/contact_logged.html": REACH,
    "triage/item.html": REACH,
    "triage/contact_log.html": "where it is asked for",
    "referrals/_shared.html": FROZEN,
    "referrals/answer_page.html": FROZEN,
    "residents/_facts.html": RECORD,
    "residents/household_view.html": RECORD,
    "residents/relationship_list.html": RECORD,
    "residents/resident_address.html": RECORD,
    "residents/resident_contact_point.html": RECORD,
    "residents/resident_end_contact_point.html": RECORD,
    "directory/service_detail.html": OURS,
    "account/base_reauthenticate.html": "ways to sign in",
}


def test_only_these_files_talk_to_anything_outside():
    found = {
        source.path for source in rules.sources() for _, module, _ in rules._imports(source) if TALKS.match(module)
    }

    assert found == set(SENDS), f"new: {sorted(found - set(SENDS))}, gone: {sorted(set(SENDS) - found)}"


def test_every_job_says_whom_it_reaches():
    current_app.loader.import_default_modules()
    found = {name for name in current_app.tasks if name.partition(".")[0] in rules.ROOMS}

    assert found == set(JOBS), f"new: {sorted(found - set(JOBS))}, gone: {sorted(set(JOBS) - found)}"


def test_every_page_with_a_way_to_somebody_is_known():
    folder = rules.ROOT / "templates"
    pages = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    found = {name for name, text in pages.items() if WAYS.search(text)}

    assert found == set(SCREENS), f"new: {sorted(found - set(SCREENS))}, gone: {sorted(set(SCREENS) - found)}"
    for name, how in SCREENS.items():
        if how == REACH:
            assert "_call_back.html" in pages[name] or "back.ways" in pages[name], (
                f"{name} does not show what reach says"
            )


def test_who_shows_what_reach_says_asks_it():
    """The part that says how to call back is given by `how_to_reach`, and what partners see by `hide_unsafe`."""
    texts = {source.path: source.text for source in rules.sources()}
    asking = {path for path, text in texts.items() if "how_to_reach" in text}

    assert asking == {"intake/call_back.py", "intake/views.py", "triage/views/front_door.py", "triage/views/queue.py"}
    shows = {path for path, text in texts.items() if "hide_withdrawn" in text and "views" in path}
    assert shows == {"referrals/views/partner.py", "referrals/views/link.py"}
    assert "hide_unsafe" in texts["referrals/views/partner.py"], "page_context serves the link's page, too"
