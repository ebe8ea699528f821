"""Old values: a trigger copies each changed or deleted row into the model's history table, bulk updates and raw SQL included.

A history row and the trail entry of the same transaction carry the same moment, which is how a reader joins them.
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def keep_history(model: Model) -> Model:
    """Keep the old values of every row of the model; they are erased with the record."""
    track: Callable[[Model], Model] = pghistory.track(
        pghistory.UpdateEvent("changed", row=pghistory.Old),
        pghistory.DeleteEvent("deleted", row=pghistory.Old),
        context_field=None,
        model_name=f"{model.__name__}History",
    )
    return track(model)
