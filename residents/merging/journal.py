"""Changes of rows, each written down with its columns before and after, in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models

from residents.models import Merge, MergedRow

Changes = Mapping[int, Mapping[str, Any]]  # by key of the row: column -> new value


def plain(value: Any) -> Any:
    """A value of a column as JSON keeps it, to the microsecond."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def real(model: type[models.Model], column: str, value: Any) -> Any:
    """The value again, as the column holds it."""
    field: Any = model._meta.get_field(column)
    return None if value is None else field.to_python(value)


def model_of(row: MergedRow) -> type[models.Model]:
    """The model whose row was changed."""
    return apps.get_model(row.model)


class Journal:
    """Writes changes to the tables and to the journal of one merge; without a merge to the tables alone."""

    def __init__(self, merge: Merge | None) -> None:
        self.merge = merge

    def change(
        self, model: type[models.Model], changes: Changes, *, through: tuple[str, int, int] | None = None
    ) -> int:
        """Change columns of rows; how many there were. `through`: a function of the database that does it, from and to whom."""
        columns = sorted({column for one in changes.values() for column in one})
        if not changes:
            return 0
        before = {row["pk"]: row for row in model._base_manager.filter(pk__in=changes).values("pk", *columns)}
        due = {
            key: {column: value for column, value in wanted.items() if before[key][column] != value}
            for key, wanted in changes.items()
        }
        due = {key: wanted for key, wanted in due.items() if wanted}
        write(model, due, through=through)
        if self.merge is not None:
            MergedRow.objects.bulk_create(
                MergedRow(
                    merge=self.merge,
                    model=model._meta.label,
                    row=key,
                    before={column: plain(before[key][column]) for column in wanted},
                    after={column: plain(value) for column, value in wanted.items()},
                )
                for key, wanted in due.items()
            )
        return len(due)


def write(model: type[models.Model], changes: Changes, *, through: tuple[str, int, int] | None = None) -> None:
    """Update rows, those that take the same values in one statement."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    for key, wanted in changes.items():
        alike[tuple(sorted(wanted.items()))].append(key)
    for wanted, keys in alike.items():
        if through:
            _ask_database(through, keys)
        else:
            model._base_manager.filter(pk__in=keys).update(**dict(wanted))


def _ask_database(through: tuple[str, int, int], keys: Iterable[int]) -> None:
    function, source, target = through
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s, %s)", [list(keys), source, target])
