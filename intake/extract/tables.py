"""The six tables that are read, in the order in which they need each other, and the columns without which they say nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One file of an extract: its name, the column of its own id, the columns it must have."""

    name: str
    id: str
    needed: tuple[str, ...]
    what: str


PROFESSIONALS = Table(
    "professionals", "prof_professional_id", ("prof_professional_id", "prof_professional_name"), "professional id"
)
PERSON = Table("person", "pers_person_id", ("pers_person_id", "pers_forename", "pers_surname", "pers_dob"), "person id")
ADDRESS = Table(
    "address",
    "addr_table_id",
    ("addr_table_id", "addr_person_id", "addr_address_json", "addr_address_start_date"),
    "address id",
)
INVOLVEMENTS = Table(
    "involvements",
    "invo_involvements_id",
    ("invo_involvements_id", "invo_person_id", "invo_involvement_start_date"),
    "involvement id",
)
EARLY_HELP = Table(
    "early_help_episodes",
    "earl_episode_id",
    ("earl_episode_id", "earl_person_id", "earl_episode_start_date"),
    "episode id",
)
CONTACTS = Table(
    "contacts",
    "cont_contact_id",
    ("cont_contact_id", "cont_person_id", "cont_contact_date", "cont_contact_source_code"),
    "contact id",
)
TABLES: tuple[Table, ...] = (PROFESSIONALS, PERSON, ADDRESS, INVOLVEMENTS, EARLY_HELP, CONTACTS)
"""Involvements before contacts: whether somebody has a social worker is part of what triage knows."""
