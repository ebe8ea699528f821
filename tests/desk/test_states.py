"""The page of statuses and moves is that of the code."""

from django.conf import settings

from desk.states import document, moving_models


def test_the_page_shows_every_table_as_it_is():
    assert (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8") == document(), (
        "run ./dev manage write_states"
    )
    assert len(moving_models()) >= 8
