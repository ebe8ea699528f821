"""The moves of every record with a status, as the page docs/states.md shows them."""

from django.apps import apps

from ledger.moves import Moving

HEAD = """# Statuses and moves

Each record with a status lists its moves as data (`MOVES`). The button and the enforcement read the same table, and nothing else changes a
status. Written by `./dev manage write_states`; a test fails when it is out of date.
"""


def moving_models() -> list[type[Moving]]:
    """Every model with moves, lowest room first."""
    return [model for model in apps.get_models() if issubclass(model, Moving)]


def document() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *(_section(model) for model in moving_models())])


def _section(model: type[Moving]) -> str:
    words = dict(model._meta.get_field("status").choices)
    rows = [
        f"| `{verb}` | {', '.join(str(words[s]) for s in words if s in move.sources)} | {words[move.target]} |"
        for verb, move in model.MOVES.items()
    ]
    name = str(model._meta.verbose_name)
    title = f"## {name[:1].upper()}{name[1:]} (`{model._meta.app_label}`)\n"
    return "\n".join([title, "| move | from | to |", "|---|---|---|", *rows, ""])
