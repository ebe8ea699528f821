"""Tamper evidence: each minute one sealer chains and signs the block of trail entries committed since the last seal.

Entries are taken below the oldest running transaction, so none can arrive late. Each seal is also written outside
the database, where whoever edits the trail cannot reach it.
"""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from ledger.models import AuditSeal, Marker

GENESIS = "genesis"
_LOCK = 4_711
_ROWS = """
    SELECT id, xid::text, extract(epoch FROM at)::numeric(20, 6)::text, person_id, role, organisation_id, principal, verb, kind,
           reference, subject_id, array_to_string(about, ','), array_to_string(fields, ','), why, outcome, request_id
    FROM ledger_auditevent WHERE epoch = %s AND xid >= %s::xid8 AND xid < %s::xid8 ORDER BY id
"""


def _sign(*parts: Any, secret: str = "") -> str:
    key = hashlib.sha256(b"audit-seal:" + (secret or settings.SECRET_KEY).encode()).digest()
    return hmac.new(key, "|".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()


def _is_signed(signature: str, *parts: Any) -> bool:
    """By the present key, or by one that was rotated out and is kept to check what it signed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(signature, _sign(*parts, secret=secret)) for secret in secrets)


def _digest(epoch: int, low: str, high: str) -> tuple[str, int]:
    """The hash over the entries of one block, and how many they are."""
    whole, count = hashlib.sha256(), 0
    # Read in pieces at the server: the first block after a load of old rows may be of tens of millions.
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [epoch, low, high])
        while rows := cursor.fetchmany(5_000):
            for row in rows:
                whole.update(hashlib.sha256(repr(row).encode()).digest())
            count += len(rows)
    return whole.hexdigest(), count


def epoch() -> int:
    """How often this database has been restored, plus one: transaction numbers start again after a restore."""
    found = Marker.objects.filter(name=Marker.EPOCH).first()
    return int(found.value) if found else 1


@transaction.atomic
def seal() -> int:
    """Seal what was committed since the last seal. Returns the number of entries sealed; none while another process seals."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if cursor.fetchone() == (False,):
            return 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        high = cursor.fetchone()[0]
    last, now = AuditSeal.objects.last(), epoch()
    low = last.up_to if last and last.epoch == now else "0"
    root, count = _digest(now, low, high)
    if not count:
        return 0
    number, total = (last.number if last else 0) + 1, (last.total if last else 0) + count
    previous = last.signature if last else GENESIS
    signature = _sign(number, now, high, count, total, root, previous)
    AuditSeal.objects.create(
        number=number,
        epoch=now,
        up_to=high,
        entries=count,
        total=total,
        root=root,
        previous=previous,
        signature=signature,
    )
    settings.SEAL_FILE.parent.mkdir(parents=True, exist_ok=True)
    with settings.SEAL_FILE.open("a", encoding="ascii") as outside:
        outside.write(f"{number} {signature}\n")
    return count


def verify() -> list[str]:
    """What is wrong with the trail, in words; an empty list when it is whole. Reads every entry."""
    wrong, low, before, previous = [], "0", None, GENESIS
    seals = list(AuditSeal.objects.all())
    for place, block in enumerate(seals, 1):
        if block.number != place:
            return [*wrong, f"Seal {place} is missing."]
        low = low if block.epoch == before else "0"
        root, count = _digest(block.epoch, low, block.up_to)
        if count != block.entries:
            wrong.append(f"Block {place} has {count} entries; {block.entries} were sealed.")
        elif root != block.root:
            wrong.append(f"The content of block {place} has changed.")
        if block.previous != previous:
            wrong.append(f"The chain is broken at seal {place}.")
        said = (block.number, block.epoch, block.up_to, block.entries, block.total, block.root, block.previous)
        if not _is_signed(block.signature, *said):
            wrong.append(f"Seal {place} has a bad signature.")
        low, before, previous = block.up_to, block.epoch, block.signature
    return wrong + _compare_outside(seals)


def _compare_outside(seals: list[AuditSeal]) -> list[str]:
    """Compare with the seals written outside the database."""
    if not settings.SEAL_FILE.exists():
        return ["The seals outside the database are missing."] if seals else []
    outside = [line.split() for line in settings.SEAL_FILE.read_text(encoding="ascii").splitlines() if line.strip()]
    inside = {str(s.number): s.signature for s in seals}
    return [
        f"Seal {number} differs from the one outside the database."
        for number, signature in outside
        if inside.get(number) != signature
    ][:1]


def make_partitions(months_back: int = 0, months_ahead: int = 3) -> None:
    """Make the trail's monthly partitions around today, through a function that the owner left for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT acting.make_audit_partition((date_trunc('month', now()) + make_interval(months => step))::date) "
            "FROM generate_series(%s, %s) step",
            [-months_back, months_ahead],
        )
