"""Records that may be of one person: what the nightly matching found, what people decided, and who was shown whom beforehand."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from ledger.history import keep_history
from ledger.merges import Derived, Paired
from ledger.moves import Moving, move
from residents.models.people import Resident, open_to, sees_residents
from residents.models.ties import Relationship


def decided_wins(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """For a merge that makes one of two rows about the same people: that they were told apart is never lost, nor any other decision.

    Of two decisions of a kind the earlier one.
    """
    columns = ("status", "decided_by_id", "decided_at", "note")
    rank = [LikelyPair.Status(name) for name in ("apart", "same", "unsure", "open", "faded")]
    first = min(
        (kept, gone),
        key=lambda row: (rank.index(row["status"]), (row["decided_at"] and row["decided_at"].timestamp()) or 0),
    )
    return {name: first[name] for name in columns}


def shown_first(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """The earlier of two times at which somebody was shown the one record and began the other."""
    first = min((kept, gone), key=lambda row: row["at"])
    return {name: first[name] for name in ("by_id", "at")}


class LikelyPairQuerySet(models.QuerySet["LikelyPair"]):
    """Pairs of records."""

    def visible_to(self, user: User) -> "LikelyPairQuerySet":
        """Staff, for pairs of whom they may open both; none of an alleged perpetrator and a victim of whom they may not know."""
        if sees_residents(user):
            both = self.filter(open_to(user, "one")).filter(open_to(user, "other"))
            behind = Relationship.objects.unknown_to(user)
            straight = behind.filter(first=OuterRef("one"), second=OuterRef("other"))
            return both.exclude(
                Exists(straight) | Exists(behind.filter(first=OuterRef("other"), second=OuterRef("one")))
            )
        return self.none()

    def waiting(self) -> "LikelyPairQuerySet":
        """Those that nobody has decided."""
        return self.filter(status=LikelyPair.Status.OPEN)


@keep_history
class LikelyPair(Moving):
    """Two records that may be of one person, the one with the lower key first. Nothing merges by itself.

    `levels` says how each fact compares, in the words of `residents.weights`: no value of anybody's.
    """

    class Status(models.TextChoices):
        OPEN = "open", "To be looked at"
        SAME = "same", "The same person"
        APART = "apart", "Not the same person"
        UNSURE = "unsure", "Not sure"
        FADED = "faded", "No longer alike"

    MOVES = {
        "call_same": move([Status.OPEN, Status.UNSURE], Status.SAME),
        "keep_apart": move([Status.OPEN, Status.UNSURE, Status.SAME, Status.FADED], Status.APART),
        "leave_unsure": move([Status.OPEN], Status.UNSURE),
        "bring_back": move([Status.UNSURE, Status.FADED], Status.OPEN),
        "let_fade": move([Status.OPEN, Status.UNSURE], Status.FADED),
        "think_again": move([Status.SAME, Status.APART], Status.OPEN),
    }
    PERSONAL = ("note",)
    ON_MERGE = {
        "one": Paired(other="other_id", ordered=("one_id", "other_id"), wins=decided_wins, asked=False),
        "other": Paired(other="one_id", ordered=("one_id", "other_id"), wins=decided_wins, asked=False),
    }
    one = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Resident, on_delete=models.PROTECT, db_index=False, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    per_mille = models.PositiveSmallIntegerField(help_text="The chance that they are one person, of 1,000")
    levels = models.CharField(max_length=200)
    weights = models.CharField(max_length=20, help_text="Version of the weights")
    found_at = models.DateTimeField(default=timezone.now)
    weighed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = LikelyPairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["other", "one"], name="residents_likelypair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="residents_likelypair_order"),
            models.CheckConstraint(
                condition=~Q(status__in=["same", "apart", "unsure"]) | Q(decided_at__isnull=False),
                name="residents_likelypair_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["-per_mille", "id"], condition=Q(status="open"), name="residents_likelypair_waiting")
        ]

    def __str__(self) -> str:
        return f"Pair {self.pk}"

    def about(self) -> list[str]:
        """Both people, for the trail."""
        return [self.one.reference, self.other.reference]

    @property
    def per_cent(self) -> int:
        """The chance in whole per cent, never 100: nobody is certain."""
        return min(self.per_mille // 10, 99)


class ShownBefore(models.Model):
    """Somebody was shown a record as a likely duplicate, and began a new one all the same."""

    PERSONAL = ()
    ON_MERGE = {
        "begun": Paired(other="shown_id", wins=shown_first, asked=False),
        "shown": Paired(other="begun_id", wins=shown_first, asked=False),
    }
    begun = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="shown_before")
    shown = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class ShownBeforeQuerySet(models.QuerySet["ShownBefore"]):
        """What was shown."""

        def visible_to(self, user: User) -> "ShownBefore.ShownBeforeQuerySet":
            """Staff, where they may open both records."""
            if sees_residents(user):
                return self.filter(open_to(user, "begun")).filter(open_to(user, "shown"))
            return self.none()

    objects = ShownBeforeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["begun", "shown"], name="residents_shownbefore_once")]

    def __str__(self) -> str:
        return f"Shown {self.pk}"


class PairKey(models.Model):
    """A key under which records of one person meet, as a number (`residents.pairing`). Read by the matching alone."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # derived: written afresh whenever the facts change
    ON_MERGE = {"resident": Derived()}
    pk = models.CompositePrimaryKey("key", "resident_id")
    key = models.IntegerField()
    resident = models.ForeignKey(
        Resident, on_delete=models.CASCADE, related_name="pair_keys"
    )  # cascade: derived from the resident

    def __str__(self) -> str:
        return f"Pair key {self.key}"


class NameShare(models.Model):
    """How many people bear a word in their name, by its number: a rare name that agrees says more. Rare ones are left out."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # derived: counted again by each whole matching
    word = models.IntegerField(primary_key=True)
    people = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"Share {self.word}"


class MatchRun(models.Model):
    """One run of the matching: when, with which weights, over how many people, and what it found."""

    PERSONAL = ()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    whole = models.BooleanField(default=False)
    weights = models.CharField(max_length=20)
    people = models.PositiveIntegerField(default=0)
    weighed = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"Matching {self.pk}"
