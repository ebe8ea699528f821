"""What is true of the people we help."""

from residents.models.addresses import Address, PostcodeWard, ResidentAddress, Tenure, Ward
from residents.models.finding import RestrictedKey, SearchDocument, SearchKey
from residents.models.merges import Merge, MergedRow
from residents.models.pairs import LikelyPair, MatchRun, NameShare, PairKey, ShownBefore
from residents.models.people import (
    AccessGrant,
    Birth,
    Characteristics,
    EmailAddress,
    Household,
    Membership,
    Phone,
    Resident,
)
from residents.models.restriction import REVIEW_AFTER, Restriction
from residents.models.story import Agreement, ChronologyEntry, Involvement
from residents.models.ties import PersonWhoMatters, Relationship
from residents.models.united import United
from residents.models.walls import (
    NO_WALLS,
    behind_the_wall,
    behind_the_walls_of,
    in_danger,
    in_danger_at,
    in_danger_together,
    kept_back,
    near_walls,
    walled,
    walls_of,
    walls_of_home,
    without,
)
from residents.models.warnings import Warning

__all__ = [
    "NO_WALLS",
    "REVIEW_AFTER",
    "AccessGrant",
    "Address",
    "Agreement",
    "Birth",
    "Characteristics",
    "ChronologyEntry",
    "EmailAddress",
    "Household",
    "Involvement",
    "LikelyPair",
    "MatchRun",
    "Membership",
    "Merge",
    "MergedRow",
    "NameShare",
    "PairKey",
    "PersonWhoMatters",
    "Phone",
    "PostcodeWard",
    "Relationship",
    "Resident",
    "ResidentAddress",
    "RestrictedKey",
    "Restriction",
    "SearchDocument",
    "SearchKey",
    "ShownBefore",
    "Tenure",
    "United",
    "Ward",
    "Warning",
    "behind_the_wall",
    "behind_the_walls_of",
    "in_danger",
    "in_danger_at",
    "in_danger_together",
    "kept_back",
    "near_walls",
    "walled",
    "walls_of",
    "walls_of_home",
    "without",
]
