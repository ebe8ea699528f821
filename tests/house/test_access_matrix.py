"""Every page, asked by every role, by every method, for every target, answers as access_matrix.csv says.

The table is the reviewed specification: a page that is not in it fails here, and so does a row whose page is gone.
"""

import re
from dataclasses import replace

import pytest

from tests.house.answers import COLUMNS, METHODS, TABLE, Answers, Asked, differences, read_table

pytestmark = pytest.mark.django_db
CELLS = {"GET": {"200", "ok", "sign-in", "403", "404", "405"}, "POST": {"ok", "400", "sign-in", "403", "404", "405"}}
# Rooms whose records may be restricted: each of their pages about one record is tried on all kinds that apply.
RESTRICTABLE = {"residents", "intake", "triage", "cases", "referrals"}
# Pages about one record of these rooms that have no restricted one, each with the reason.
WITHOUT_RESTRICTED: dict[str, str] = dict.fromkeys(
    [f"intake:changeset{page}" for page in ("", "_columns", "_accept", "_undo", "_discard")],
    "a file of people is any manager's; its rows of restricted people are tried on intake:change",
)


@pytest.fixture(scope="session")
def table() -> dict[Asked, str]:
    """The reviewed table."""
    return read_table()


def methods_of(answers: Answers, page: str) -> tuple[str, ...]:
    """The methods that the view of a page says it has."""
    return getattr(answers.pages[page].callback, "access", {}).get("methods", METHODS)


def specified(answers: Answers, table: dict[Asked, str]) -> dict[Asked, str]:
    """What came back, without the methods that a page has not and the table need not speak of."""
    spoken = {asked[:3] for asked in table}
    return {
        asked: said
        for asked, said in answers.said.items()
        if asked.method in methods_of(answers, asked.page) or asked[:3] in spoken
    }


def in_lines(lines: list[str], most: int = 60) -> str:
    """A failure that can be read: the first lines, and how many there are."""
    return f"{len(lines)} in all:\n" + "\n".join(lines[:most])


def test_every_page_is_in_the_table_and_every_row_has_its_page(answers, table):
    pages = {asked.page for asked in table}

    missing = sorted(set(answers.pages) - pages)
    gone = sorted(pages - set(answers.pages))

    assert not missing, f"These pages are not in {TABLE.name}: say who may ask for them. " + in_lines(missing)
    assert not gone, f"{TABLE.name} speaks of pages that do not exist. " + in_lines(gone)


def test_every_page_about_a_record_says_which_records_it_is_tried_on(answers):
    without = [page for page, targets in answers.targets.items() if not targets]

    assert not without, "Say in tests/house/targets_<room>.py which records these are tried on. " + in_lines(without)


def test_every_page_about_a_record_is_tried_on_own_restricted_and_missing(answers):
    lacking = []
    for page, targets in answers.targets.items():
        if not targets or targets == ("-",):
            continue
        wanted = {"own", "missing"}
        if page.partition(":")[0] in RESTRICTABLE and page not in WITHOUT_RESTRICTED:
            wanted.add("restricted")
        if short := sorted(wanted - set(targets)):
            lacking.append(f"{page} is not tried on {', '.join(short)}")

    assert not lacking, in_lines(lacking)


def test_every_cell_is_one_of_the_words(table):
    wrong = [f"{' '.join(asked)}: {cell}" for asked, cell in table.items() if cell not in CELLS[asked.method]]

    assert not wrong, in_lines(wrong)


def test_every_page_answers_as_the_table_says(answers, table):
    wrong = list(differences(table, specified(answers, table)))

    assert not wrong, in_lines(wrong)


def test_no_page_breaks(answers):
    assert not answers.broke, in_lines([f"{' '.join(asked)}: {what}" for asked, what in answers.broke.items()])


def test_the_roles_of_a_view_are_those_of_the_table(answers, table):
    """The decorator and the table say the same: a role of the decorator gets something, all others get 403."""
    wrong = []
    for page, pattern in answers.pages.items():
        access = pattern.callback.access
        for who in COLUMNS[1:]:
            may = access["public"] or who in access["roles"]
            cells = {table.get(Asked(page, m, t, who)) for m in access["methods"] for t in answers.targets[page]}
            if cells - {None} and may != bool(cells - {None, "403"}):
                wrong.append(f"{page}: {who} {'may' if may else 'may not'} ask, the table says {cells}")

    assert not wrong, in_lines(wrong)


def test_other_methods_are_refused(answers):
    """HEAD answers as GET does; no other method reaches a page."""
    wrong = []
    for asked, said in answers.rest.items():
        as_get = answers.said[asked._replace(method="GET")]
        fine = {"405", "sign-in", "403"} | ({as_get} if asked.method == "HEAD" else set())
        if said not in fine:
            wrong.append(f"{' '.join(asked)}: {said}")

    assert not wrong, in_lines(wrong)


def test_methods_that_a_page_has_not_are_refused(answers):
    wrong = [
        f"{' '.join(asked)}: {said}"
        for asked, said in answers.said.items()
        if asked.method not in methods_of(answers, asked.page) and said not in {"405", "sign-in", "403"}
    ]

    assert not wrong, in_lines(wrong)


def test_restricted_looks_exactly_like_missing(answers):
    compared, wrong = 0, []
    for asked, body in answers.bodies.items():
        missing = answers.bodies.get(asked._replace(target="missing"))
        if asked.target in {"restricted", "other"} and missing is not None:
            compared += 1
            if body != missing:
                wrong.append(" ".join(asked))

    assert not wrong, in_lines(wrong)
    assert compared or not any("restricted" in targets for targets in answers.targets.values())


def test_asking_writes_nothing(answers):
    """GET writes nothing but the trail and the session."""
    assert not answers.wrote, in_lines([f"{' '.join(a)} wrote to {', '.join(t)}" for a, t in answers.wrote.items()])


def test_every_answer_carries_the_headers(answers):
    assert not answers.headers, in_lines([f"{' '.join(a)} lacks {', '.join(h)}" for a, h in answers.headers.items()])


def test_a_form_without_its_token_is_refused(answers):
    wrong = [
        f"{page}: {said}"
        for page, said in answers.without_token.items()
        if said != "403" and not ("POST" not in methods_of(answers, page) and said == "405")
    ]

    assert not wrong, in_lines(wrong)


def test_no_title_names_anybody(answers):
    """A title stands in the browser's history and on a shared screen."""
    words = {part for name in answers.names for part in name.split() if len(part) > 2} - {"Person", "Other"}
    wrong = [
        f"{' '.join(asked)}: {title}"
        for asked, title in answers.titles.items()
        if not title.strip() or words & set(re.findall(r"\w+", title))
    ]

    assert not wrong, in_lines(wrong)


def test_no_page_has_styles_or_handlers_in_its_markup(answers):
    assert not answers.inline, in_lines([f"{' '.join(a)}: {found[:3]}" for a, found in answers.inline.items()])


def test_with_every_filter_gone_the_pages_still_show_nothing_forbidden(answers, table):
    """What the table hides stays hidden with every `visible_to` replaced by "everything": the database holds alone."""
    asked_for = {asked: said for asked, said in answers.unlocked.items() if table.get(asked) == "404"}
    shown = [f"{' '.join(asked)}: {said}" for asked, said in asked_for.items() if said != "404"]

    assert not shown, in_lines(shown)


def test_the_size_of_it(answers, table, record_property):
    """How much was asked, for the report of a run."""
    record_property("requests", answers.asked)
    record_property("cells", len(table))
    record_property("seconds", answers.spent)

    assert answers.asked >= len(table)


def test_every_changed_cell_is_noticed(answers, table, record_property):
    """Each cell takes every other word that its method has; the comparison with what was answered must turn red."""
    said = specified(answers, table)
    assert not list(differences(table, said)), "first make the tests above green"

    tried, alive = 0, []
    for asked, cell in table.items():
        for word in CELLS[asked.method] - {cell}:
            tried += 1
            if next(differences({asked: word}, {asked: said[asked]}), None) is None:
                alive.append(f"{asked}: {word}")
    rows: dict[tuple[str, ...], dict[Asked, str]] = {}
    for asked, what in answers.said.items():
        rows.setdefault(asked[:3], {})[asked] = what
    for row in sorted({asked[:3] for asked in table}):  # and a row that is missing: all others are as before
        tried += 1
        found = next(differences({}, specified(replace(answers, said=rows[row]), {})), None)
        if found is None and answers.pages[row[0]].callback.access["methods"] and row[1] in methods_of(answers, row[0]):
            alive.append(f"{row}: missing")

    record_property("mutants", tried)
    assert not alive, alive[:20]
    assert tried > 4 * len(table)
