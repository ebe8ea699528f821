"""What is true of the people we help."""

from residents.models.addresses import Address, ResidentAddress, Tenure, Ward
from residents.models.people import (
    AccessGrant,
    Birth,
    Characteristics,
    EmailAddress,
    Household,
    Membership,
    Phone,
    Resident,
    RestrictedKey,
    SearchDocument,
    SearchKey,
    Warning,
)
from residents.models.story import Agreement, ChronologyEntry, Involvement

__all__ = [
    "AccessGrant",
    "Address",
    "Agreement",
    "Birth",
    "Characteristics",
    "ChronologyEntry",
    "EmailAddress",
    "Household",
    "Involvement",
    "Membership",
    "Phone",
    "Resident",
    "ResidentAddress",
    "RestrictedKey",
    "SearchDocument",
    "SearchKey",
    "Tenure",
    "Ward",
    "Warning",
]
