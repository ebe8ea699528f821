"""The bench's arithmetic, that it measures what was promised, and that no part of it can be reached in production."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from bench import asking, figures, front, plan, searching, table, townsfolk
from bench.figures import Row, Samples, Verdict, percentile

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {
    "search", "resident", "contact_page", "contact_save", "queue", "triage", "my_work", "case", "note_save", "inbox", "team",
    "dashboard", "finder", "csv", "recompute", "fold_in", "floor", "insert", "peer_create", "peer_search", "peer_list",
    "peer_open", "peer_dashboard",
}  # fmt: skip


def taken(*ms, queries=9, kb=12.3):
    found = Samples()
    for one in ms:
        found.add(one, queries=queries, kb=kb)
    return found


def measured():
    """A floor of 5 ms, a page of 40 at the large size and 20 at the small one."""
    found = figures.collected()
    found |= {("floor", 22): taken(4.0, 5.0), ("floor", 220): taken(4.0, 5.0)}
    found |= {("queue", 22): taken(20.0), ("queue", 220): taken(*[40.0] * 99, 90.0)}
    found |= {("contact_save", 220): taken(60.0), ("insert", 220): taken(10.0)}
    found |= {("dashboard", 220): taken(16.0), ("peer_list", 200): taken(4_000.0)}
    found |= {("recompute", 220): taken(61_000.0)}
    return found


def verdict(name):
    return next(one for one in figures.verdicts(figures.rows_of(measured())) if one.name == name)


def test_a_percentile_is_a_value_that_was_measured():
    hundred = [float(one) for one in range(100, 0, -1)]
    assert [percentile(hundred, share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([1.0, 2.0], 0.5) == 1.0


def test_a_row_says_what_the_samples_say():
    row = next(one for one in figures.rows_of(measured()) if (one.action, one.size) == ("queue", 220))
    assert row == Row("work", "queue", 220, 100, 40.0, 40.0, 40.0, 9, 12.3, 8.0)
    assert [one.floor_ratio for one in figures.rows_of(measured()) if one.action == "insert"] == [None]


@pytest.mark.parametrize(
    ("name", "value", "met"),
    [
        ("Triage queue: v floor", 8.0, True),
        ("Triage queue: 220 v 22", 2.0, False),
        ("Triage queue: queries", 9, True),
        ("Triage queue: HTML", 12.3, True),
        ("Dashboard: v floor", 3.2, False),
        ("Save a contact with triage: v bare insert", 6.0, True),
        ("Full recompute of the measures", 61.0, False),
        ("Triage queue v django-helpdesk: list of 50", 0.01, True),
    ],
)
def test_each_ratio_is_held_to_its_limit(name, value, met):
    found = verdict(name)
    assert (found.value, found.met) == (value, met)


def test_what_could_not_be_measured_is_a_miss():
    found = figures.collected()
    found["queue", 220].failed = "GET /triage answered 500, not 200"
    (missed,) = figures.verdicts(figures.rows_of(found))
    assert not missed.met
    assert missed.name == "Triage queue (220): could not be measured"


def test_a_score_is_held_to_at_least():
    assert Verdict("page", "Home", 95, 95, at_least=True).met
    assert not Verdict("page", "Home", 94, 95, at_least=True).met


def test_every_action_that_was_promised_is_measured():
    assert {one.key for one in plan.ACTIONS} >= PROMISED
    assert set(plan.PEERS) | {key for ours, _ in plan.PEERS.values() for key in ours} <= set(plan.ACTION)


def test_the_table_names_ratios_as_people_do():
    rows = figures.rows_of(measured())
    found = {"rows": table.as_rows(rows), "verdicts": table.as_verdicts(figures.verdicts(rows))}
    text = "\n".join(table.lines_of(found))
    assert "| 1/100 " in text
    assert "at most 1/50" in text
    assert "**MISS**" in text


def test_the_document_has_the_two_marks_once_each_and_in_order():
    text = table.DOCUMENT.read_text(encoding="utf-8")
    assert (text.count(table.BEGINS), text.count(table.ENDS)) == (1, 1)
    assert text.index(table.BEGINS) < text.index(table.ENDS)


def test_the_document_is_written_between_the_marks_and_asks_for_causes(tmp_path, monkeypatch):
    document = tmp_path / "performance.md"
    document.write_text(f"# Top\n{table.BEGINS}\nold\n{table.ENDS}\n## Misses\nDashboard: v floor: pictures.\n")
    monkeypatch.setattr(table, "DOCUMENT", document)
    rows = figures.rows_of(measured())
    found = {"at": "today", "what": "a trial", "rows": table.as_rows(rows)}
    found["verdicts"] = table.as_verdicts(figures.verdicts(rows))
    unexplained = table.write_document({"machine": {"cores": "2"}, "families": {"work": found}})
    text = document.read_text()
    assert text.startswith(f"# Top\n{table.BEGINS}\n\nMachine: cores 2.")
    assert "old" not in text
    assert text.endswith("Dashboard: v floor: pictures.\n")
    assert "Dashboard: v floor" not in unexplained
    assert "Full recompute of the measures" in unexplained


def test_no_part_of_the_product_names_the_bench():
    """The floor's address and the header that counts queries are the bench's own: production cannot reach them."""
    names = ("import bench", "from bench", '"bench', "'bench")
    files = [ROOT / "manage.py"]
    for room in ("community_solutions", "desk", "reporting", "referrals", "cases", "triage", "intake", "residents", "directory",
                 "accounts", "ledger"):  # fmt: skip
        files += (ROOT / room).rglob("*.py")
    assert not [str(path) for path in files if any(name in path.read_text(encoding="utf-8") for name in names)]
    assert "bench" in (ROOT / ".dockerignore").read_text().split()


def test_the_bench_refuses_to_be_production():
    env = {
        "CS_PRODUCTION": "1",
        "SECRET_KEY": secrets.token_hex(40),
        "ALLOWED_HOSTS": "a.example",
        "DATABASE_URL": "postgres:///none",
    }
    line = [sys.executable, "-c", "import bench.settings"]
    done = subprocess.run(line, cwd=ROOT, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True)
    assert done.returncode
    assert "no business in production" in done.stderr


def test_the_proxy_of_the_bench_has_the_configuration_of_an_installation():
    theirs = (ROOT / "deploy/nginx.conf").read_text()
    ours = front.configuration(8920, 8960, Path("/usr/sbin/nginx")).replace(
        str(front.HOME), ""
    )  # that may lie anywhere
    assert len(ours.splitlines()) == len(theirs.splitlines())
    assert "listen 127.0.0.1:8960 ssl http2;" in ours and "server 127.0.0.1:8920;" in ours and "gzip off;" in ours
    assert not [place for place in ("/run/secrets/", "/tmp/", "web:8000", "listen 8") if place in ours]


def test_the_same_seed_asks_the_same_questions():
    people = townsfolk.Register(400, 5).people
    subjects = [asking.Subject(one.pk, one.name, one.born, one.home.lines, one.home.postcode, phone="".join(one.phones[:1])) for one in people]  # fmt: skip
    first, again, other = (asking.questions(subjects, 300, seed) for seed in (7, 7, 8))
    assert first == again != other and {one.kind for one in first} <= set(asking.MIX)
    assert 0.5 < sum(bool(one.noise) for one in first) / 300 < 0.95 and all(one.text.strip() for one in first)


def test_a_search_is_held_to_its_limits():
    asked = [{"kind": "name and birth", "noise": []}, {"kind": "name only", "noise": ["typo", "order"]}]
    found = {
        "asked": asked,
        "places": {"product": [1, 0], "primary_key": [1, 1]},
        "ms": {"product": [4.0, 8.0], "primary_key": [0.5, 0.5]},
        "buffers": [300, 400],
        "writing": {"plain": [1.0], "found": [2.0]},
    }
    held = {one.name.partition(": ")[2] or one.name: one for one in searching.held("register of 2", found, recall=True)}
    assert not held["recall@10"].met and held["recall@10 of name with birth"].met
    assert held["p95 v the median primary-key lookup"].value == 16
    assert searching.by_kind(found)[0] == ["name and birth", "1", "1.000", "1.000"]
    assert [one[0] for one in searching.by_kind(found)][2:] == ["with nothing wrong", "with order", "with typo"]
    assert searching.rows_of(found, ("product", "primary_key"))[0][1:3] == ["0.500", "0.500"]
