"""What a search reads: a document and keys for each resident, derived from the record and written with it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models

from accounts.models import User
from ledger.merges import Derived
from residents.models.people import OfResidentQuerySet, Resident


class KeysQuerySet(models.QuerySet):
    """Keys: nobody looks at one; a definer function gives the ids of people, which are then read under the reader's rights."""

    def visible_to(self, user: User) -> "KeysQuerySet":
        """None."""
        return self.none()


class SearchDocument(models.Model):
    """What a search weighs one resident by, on one line for each fact: derived, without any confidential address.

    Written with the keys by `acting.write_search`; read under the rights of whoever searches.
    """

    PERSONAL = ("said",)
    ROWS_MAY_GO = True  # derived: rewritten whenever the resident changes
    ON_MERGE = {"resident": Derived()}
    resident = models.OneToOneField(
        Resident, on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )  # cascade: derived from the resident
    said = models.TextField()
    keys = ArrayField(models.IntegerField())

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        db_table = "residents_search_document"
        # One look, however many people there are; the tree of the key grows a storey where the borough grows.
        indexes = [HashIndex(fields=["resident"], name="residents_document_by_hash")]

    def __str__(self) -> str:
        return f"Search document {self.pk}"


class SearchKey(models.Model):
    """One way to find a resident who is not restricted, as a number (`residents.keys`). Read through a definer function only.

    Narrow on purpose, and without a foreign key of the database's own: two million lines are looked up, never joined.
    """

    PERSONAL = ()
    ROWS_MAY_GO = True  # derived, as the document
    ON_MERGE = {"resident": Derived()}
    pk = models.CompositePrimaryKey("key", "resident_id")
    key = models.IntegerField()
    resident = models.ForeignKey(
        Resident, on_delete=models.CASCADE, related_name="search_keys", db_constraint=False, db_index=False
    )  # cascade: derived from the resident

    objects = KeysQuerySet.as_manager()

    class Meta:
        db_table = "residents_search_key"

    def __str__(self) -> str:
        return f"Key {self.key}"


class RestrictedKey(models.Model):
    """One way to find a restricted resident, for those who are named for them. Who is not can learn one thing only: whether
    a name that they typed themselves, or a name with the date of birth, is that of somebody restricted (`told`)."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # derived, as the document
    ON_MERGE = {"resident": Derived()}
    pk = models.CompositePrimaryKey("key", "resident_id")
    key = models.IntegerField()
    resident = models.ForeignKey(
        Resident, on_delete=models.CASCADE, related_name="restricted_keys"
    )  # cascade: derived from the resident
    told = models.BooleanField(default=False)

    objects = KeysQuerySet.as_manager()

    class Meta:
        db_table = "residents_restricted_key"

    def __str__(self) -> str:
        return f"Key {self.key}"
