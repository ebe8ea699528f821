"""A condition that the database can answer by an index although it stands in an OR."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Func, QuerySet, Value


class Among(Func):
    """Whether a column is one of some ids, or of those that a question gives, which is asked once.

    `column IN (SELECT …)` beside an OR reads the whole table; an array that is known beforehand is looked up in the index.
    Ids go to the database as one value, so that a question is the same for any number of them.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, ids: QuerySet | list[int]) -> None:
        known = Value(ids, ArrayField(BigIntegerField())) if isinstance(ids, list) else ArraySubquery(ids)
        super().__init__(column, known)
