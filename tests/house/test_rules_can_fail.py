"""Each rule that is read off the source is shown a sample that breaks it, and one that does not."""

import pytest

from tests.house import rules
from tests.house.rules import Source, breaches

BROKEN = {
    "ways_to_people_are_asked_of_reach": [
        ("cases/views/letters.py", '"""X."""\nfrom residents.models import Phone\n'),
        ("referrals/notices.py", '"""X."""\nto = resident.emails.first()\n'),
        ("intake/views.py", '"""X."""\nrows.prefetch_related("resident__phones")\n'),
        ("reporting/csv.py", '"""X."""\nrows.filter(phones__safe_to_call=True)\n'),
        ("residents/notices.py", '"""X."""\nfrom django.core.mail import send_mail\nx = person.emails.all()\n'),
    ],
    "imports_point_down": [
        ("residents/views.py", '"""X."""\nfrom cases.models import Case\n'),
        ("ledger/moves.py", '"""X."""\nimport accounts.models\n'),
        ("cases/actions.py", '"""X."""\nfrom . import models\n'),
        ("cases/tasks.py", '"""X."""\nfrom community_solutions.celery import app\n'),
    ],
    "imports_stand_at_the_top": [
        ("cases/actions.py", '"""X."""\ndef f():\n    from residents.models import Resident\n'),
        ("cases/actions.py", '"""X."""\ndef f():\n    import residents.models\n'),
        ("cases/apps.py", '"""X."""\nfrom importlib import import_module\ndef f():\n    import_module("referrals")\n'),
    ],
    "no_save_overrides": [
        ("cases/models.py", '"""X."""\nclass A(models.Model):\n    def save(self, **k):\n        super().save(**k)\n')
    ],
    "no_signals": [
        ("cases/apps.py", '"""X."""\nfrom django.db.models.signals import post_save\n'),
        ("cases/apps.py", '"""X."""\nfrom django.dispatch import receiver\n'),
        ("cases/apps.py", '"""X."""\nimport django.db.models.signals\n'),
    ],
    "work_goes_through_the_outbox": [
        ("cases/actions.py", '"""X."""\nf.delay(1)\n'),
        ("cases/actions.py", '"""X."""\nf.apply_async((1,))\n'),
        ("cases/actions.py", '"""X."""\ntransaction.on_commit(lambda: 1)\n'),
        ("ledger/drafts.py", '"""X."""\ncurrent_app.send_task("x")\n'),
    ],
    "no_unescaped_text": [
        ("cases/views.py", '"""X."""\nx = mark_safe("<b>")\n'),
        ("cases/views.py", '"""X."""\nx = safestring.SafeString("<b>")\n'),
    ],
    "every_form_checks_its_token": [("cases/views.py", '"""X."""\n@csrf_exempt\ndef f(request):\n    """X."""\n')],
    "no_generic_keys": [("cases/models.py", '"""X."""\nx = GenericForeignKey("a", "b")\n')],
    "cascades_say_why": [("cases/models.py", '"""X."""\nx = ForeignKey(A, on_delete=models.CASCADE)\n')],
    "actions_have_one_shape": [
        ("cases/actions.py", '"""X."""\n@transaction.atomic\ndef close(case, reason, *, by) -> Case:\n    """X."""\n'),
        ("cases/actions.py", '"""X."""\n@transaction.atomic\ndef close(case, *, reason) -> Case:\n    """X."""\n'),
        ("cases/actions/a.py", '"""X."""\n@transaction.atomic\ndef close(case, *, by) -> Case:\n    pass\n'),
        ("cases/actions/a.py", '"""X."""\n@transaction.atomic\ndef close(case, *, by):\n    """X."""\n'),
        ("cases/actions/a.py", '"""X."""\n@atomic()\ndef close(case, by) -> Case:\n    """X."""\n'),
    ],
    "public_names_are_explained": [
        ("cases/a.py", "x = 1\n"),
        ("cases/a.py", '"""X."""\ndef f():\n    pass\n'),
        ("cases/a.py", '"""X."""\nclass A:\n    pass\n'),
        (
            "cases/a.py",
            '"""X."""\nclass A(QuerySet):\n    """X."""\n    def visible_to(self, user):\n        return self\n',
        ),
    ],
    "files_stay_small": [("cases/a.py", '"""X."""\n' + "x = 1\n" * 421)],
    "statuses_move_by_advance": [
        ("cases/actions.py", '"""X."""\ncase.status = "closed"\n'),
        ("cases/actions.py", '"""X."""\nCase.objects.update(status="closed")\n'),
    ],
}
SOUND = {
    "imports_point_down": ("cases/views.py", '"""X."""\nfrom residents.models import Resident\nimport django\n'),
    "imports_stand_at_the_top": ("cases/views.py", '"""X."""\nfrom residents.models import Resident\n'),
    "no_save_overrides": ("cases/a.py", '"""X."""\ndef save(x):\n    """X."""\n'),
    "no_signals": ("cases/apps.py", '"""X."""\nimport signal\n'),
    "work_goes_through_the_outbox": ("cases/actions.py", '"""X."""\nenqueue("x", key="y")\n'),
    "no_unescaped_text": ("ledger/templatetags/govuk.py", '"""X."""\nx = mark_safe("<b>")\n'),
    "cascades_say_why": (
        "cases/models.py",
        '"""X."""\nx = ForeignKey(A, on_delete=models.CASCADE)  # cascade: a copy\n',
    ),
    "actions_have_one_shape": (
        "cases/actions.py",
        '"""X."""\n@transaction.atomic\ndef close(case: Case, *, by: User) -> Case:\n    """X."""\n',
    ),
    "public_names_are_explained": ("cases/a.py", '"""X."""\ndef f():\n    """X."""\ndef _g():\n    pass\n'),
    "files_stay_small": ("cases/a.py", '"""X."""\n' + "x = 1\n" * 390),
    "statuses_move_by_advance": ("cases/actions.py", '"""X."""\nadvance(case, "close", by=by)\n'),
    "ways_to_people_are_asked_of_reach": (
        "residents/search.py",
        '"""X."""\nfrom residents.models import Phone\nx.phones.all()\n',
    ),
}


@pytest.mark.parametrize(
    ("name", "sample"),
    [(name, sample) for name, samples in BROKEN.items() for sample in samples],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_sample_is_found(name, sample):
    assert breaches(rules.EVERYWHERE[name], (Source(*sample),))


@pytest.mark.parametrize(("name", "sample"), SOUND.items(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_sound_sample_is_let_be(name, sample):
    assert breaches(rules.EVERYWHERE[name], (Source(*sample),)) == []


def test_every_rule_has_a_broken_sample():
    assert set(BROKEN) == set(rules.EVERYWHERE)


def test_a_view_that_forgets_the_door_is_found():
    text = '"""X."""\ndef page(request):\n    """X."""\n    return Case.objects.filter(pk=1)\n'
    guarded = frozenset({"Case"})

    assert list(rules.views_begin_at_the_door(Source("cases/views.py", text), guarded))
    assert not list(rules.views_begin_at_the_door(Source("cases/actions.py", text), guarded))
    sound = text.replace("filter(pk=1)", "visible_to(request.user)")
    assert not list(rules.views_begin_at_the_door(Source("cases/views/lists.py", sound), guarded))
