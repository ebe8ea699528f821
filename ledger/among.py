"""A condition that the database can answer by an index although it stands in an OR."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, QuerySet


class Among(Func):
    """Whether a column is one of the ids that a question gives, which is asked once.

    `column IN (SELECT …)` beside an OR reads the whole table; an array that is known beforehand is looked up in the index.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, ids: QuerySet) -> None:
        super().__init__(column, ArraySubquery(ids))
