"""A migration operation that makes the first tables of a room in one go.

Django draws the state of every model anew after each of some hundred operations, which was most of the time of a first start. Here
the tables are made from the state in which the room ends, so that what is added to them afterwards is there already.
"""

from collections.abc import Iterable

from django.db import migrations
from django.db.migrations.operations.base import Operation

INSIDE = (migrations.AddField, migrations.AddConstraint, migrations.AddIndex)


class FirstTables(Operation):
    """The operations of a first migration, together. Models that they create are created with all that they add."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self):
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label, state):
        drawn = state.__dict__.pop("apps", None)  # without it nothing is drawn anew for each operation
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if drawn is not None:
            state.apps  # noqa: B018  (draws it once)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        made = {op.name_lower for op in self.operations if isinstance(op, migrations.CreateModel)}
        for operation in self.operations:
            if not (isinstance(operation, INSIDE) and operation.model_name_lower in made):
                operation.database_forwards(app_label, schema_editor, to_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        made = {op.name_lower for op in self.operations if isinstance(op, migrations.CreateModel)}
        for operation in reversed(self.operations):
            if not (isinstance(operation, INSIDE) and operation.model_name_lower in made):
                operation.database_backwards(app_label, schema_editor, from_state, from_state)

    def describe(self):
        return "Make the first tables"
