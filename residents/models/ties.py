"""Who is what to whom: relationships between residents, read from both sides, and people who matter and live elsewhere."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.models import User
from ledger.among import Among
from ledger.history import keep_history
from ledger.merges import OneOpen, Paired, all_said, both
from ledger.versions import Versioned
from residents.models.people import OfResidentQuerySet, Resident, granted_to, open_to, sees_residents
from residents.models.story import Involvement


def said_of_both(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """For a merge that makes one of two rows about the same people: both notes, the earlier beginning, and who wrote it down first."""
    first = min((kept, gone), key=lambda row: row["recorded_at"])
    days = [row["since"] for row in (kept, gone)]
    return {
        "note": all_said(300)(kept["note"], gone["note"]),
        "since": None if None in days else min(days),
        "recorded_by_id": first["recorded_by_id"],
        "recorded_at": first["recorded_at"],
    }


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    """Relationships."""

    def visible_to(self, user: User) -> "RelationshipQuerySet":
        """Staff who may open both people; of an alleged perpetrator only those who work with the victim, and who wrote it down."""
        if not sees_residents(user):
            return self.none()
        both = self.filter(open_to(user, "first") & open_to(user, "second"))
        return both if user.duty_manager else both.filter(~Q(kind=Relationship.Kind.ALLEGED) | self._knows(user))

    def unknown_to(self, user: User) -> "RelationshipQuerySet":
        """Alleged perpetrators who are one, and of whom the person may not know."""
        alleged = self.open().filter(kind=Relationship.Kind.ALLEGED)
        return alleged.none() if user.duty_manager else alleged.exclude(self._knows(user))

    @staticmethod
    def _knows(user: User) -> Q:
        """Who works with the victim, is named for them, or wrote it down."""
        works = Involvement.objects.filter(
            Q(user=user) | Q(team__in=user.teams.values("pk")), resident=OuterRef("second"), until=None
        )
        return Q(recorded_by=user) | Q(Exists(works)) | Q(second__in=granted_to(user))

    def open(self) -> "RelationshipQuerySet":
        """Those that hold."""
        return self.filter(until=None, mistaken=False)

    def apart_from(self, hidden: RawSQL | list[int]) -> "RelationshipQuerySet":
        """Without anybody behind a wall (see `behind_the_wall`)."""
        return self.exclude(first__in=hidden).exclude(second__in=hidden)

    def of(self, people: models.QuerySet[Resident] | list[int]) -> "RelationshipQuerySet":
        """Those that have one of these people on either side, each side by its index."""
        if isinstance(people, list):
            return self.filter(Q(first__in=people) | Q(second__in=people))
        return self.filter(Q(Among("first_id", people)) | Q(Among("second_id", people)))


@keep_history
class Relationship(Versioned):
    """What one resident is to another: one row, read from both sides. `first` is the parent, carer, guardian, grandparent or alleged perpetrator."""

    class Kind(models.TextChoices):
        PARENT = "parent", "Parent and child"
        PARTNER = "partner", "Partners"
        FORMER = "former_partner", "Former partners"
        SIBLING = "sibling", "Brothers or sisters"
        CARER = "carer", "Carer and cared for"
        GUARDIAN = "guardian", "Guardian and child"
        GRANDPARENT = "grandparent", "Grandparent and grandchild"
        ALLEGED = "alleged", "Alleged perpetrator and alleged victim"
        OTHER = "other", "Other"

    # What the first is to the second, and the second to the first.
    SAID = {
        Kind.PARENT: ("Parent", "Child"),
        Kind.PARTNER: ("Partner", "Partner"),
        Kind.FORMER: ("Former partner", "Former partner"),
        Kind.SIBLING: ("Brother or sister", "Brother or sister"),
        Kind.CARER: ("Carer", "Cared for by them"),
        Kind.GUARDIAN: ("Guardian", "In their guardianship"),
        Kind.GRANDPARENT: ("Grandparent", "Grandchild"),
        Kind.ALLEGED: ("Alleged perpetrator", "Alleged victim"),
        Kind.OTHER: ("Other", "Other"),
    }
    # What the other one may be called from one's own record, and on which side of the row they stand then.
    SIDES = {
        "parent": (Kind.PARENT, True, "Parent"),
        "child": (Kind.PARENT, False, "Child"),
        "partner": (Kind.PARTNER, True, "Partner"),
        "former_partner": (Kind.FORMER, True, "Former partner"),
        "sibling": (Kind.SIBLING, True, "Brother or sister"),
        "grandparent": (Kind.GRANDPARENT, True, "Grandparent"),
        "grandchild": (Kind.GRANDPARENT, False, "Grandchild"),
        "guardian": (Kind.GUARDIAN, True, "Guardian"),
        "ward": (Kind.GUARDIAN, False, "In their guardianship"),
        "carer": (Kind.CARER, True, "Carer"),
        "cared_for": (Kind.CARER, False, "Cared for by them"),
        "alleged_perpetrator": (Kind.ALLEGED, True, "Alleged perpetrator: they may harm this person"),
        "alleged_victim": (Kind.ALLEGED, False, "Alleged victim: this person may harm them"),
        "other": (Kind.OTHER, True, "Other: say in the note"),
    }
    PERSONAL = ("note",)
    ON_MERGE = {
        "first": Paired(other="second_id", same=("kind", "until"), either_way=True, wins=said_of_both),
        "second": Paired(other="first_id", same=("kind", "until"), either_way=True, wins=said_of_both),
    }
    first = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="ties_as_first")
    second = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="ties_as_second")
    kind = models.CharField(max_length=15, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True, blank=True, help_text="Empty: from before anybody knows")
    until = models.DateField(null=True, blank=True)
    mistaken = models.BooleanField(default=False, help_text="It never was so")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="residents_relationship_of_two"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")), name="residents_relationship_order"
            ),
            models.CheckConstraint(
                condition=Q(mistaken=False) | Q(until__isnull=False), name="residents_relationship_mistaken_ended"
            ),
            # Whichever way round: two are partners once, and nobody is the parent of their parent.
            models.UniqueConstraint(
                Least("first", "second"),
                Greatest("first", "second"),
                "kind",
                condition=Q(until=None),
                name="residents_relationship_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["first", "second"],
                condition=Q(kind="alleged", until=None),
                name="residents_relationship_walls",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def sensitive(self) -> bool:
        """Whether the first of the two must never learn of it."""
        return self.kind == self.Kind.ALLEGED

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail: never the alleged perpetrator."""
        return [self.second.reference] if self.sensitive else [self.first.reference, self.second.reference]

    def other(self, resident: Resident) -> Resident:
        """The one at the other end."""
        return self.second if self.first_id == resident.pk else self.first

    def said_from(self, resident: Resident) -> str:
        """What the one at the other end is to this one: Child, Carer, Former partner."""
        said = self.SAID[self.Kind(self.kind)]
        return said[1] if self.first_id == resident.pk else said[0]


@keep_history
class PersonWhoMatters(Versioned):
    """Somebody who matters to a resident, lives elsewhere and has no record of their own: an absent father, a grandmother, a friend."""

    class Relation(models.TextChoices):
        PARENT = "parent", "Parent"
        CHILD = "child", "Child"
        PARTNER = "partner", "Partner"
        FORMER = "former_partner", "Former partner"
        SIBLING = "sibling", "Brother or sister"
        GRANDPARENT = "grandparent", "Grandparent"
        GRANDCHILD = "grandchild", "Grandchild"
        RELATIVE = "relative", "Other relative"
        CARER = "carer", "Carer"
        FRIEND = "friend", "Friend or neighbour"
        ALLEGED = "alleged", "Alleged perpetrator"
        OTHER = "other", "Other"

    PERSONAL = ("name", "phone", "lives", "note")
    ON_MERGE = {
        "resident": OneOpen(same=("name", "relation"), agree={"may_be_called": both, "note": all_said(300)}),
    }
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="people_who_matter")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=15, choices=Relation)
    phone = models.CharField(max_length=20, blank=True, help_text="International form: +447700900123")
    may_be_called = models.BooleanField(default=False, help_text="The resident is content that we call them")
    lives = models.CharField(max_length=200, blank=True, help_text="Where, in words: Leeds, with his mother")
    note = models.CharField(max_length=300, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="residents_personwhomatters_has_a_name"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="residents_personwhomatters_order"
            ),
            models.UniqueConstraint(
                fields=["resident", "name", "relation"],
                condition=Q(until=None),
                name="residents_personwhomatters_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name
