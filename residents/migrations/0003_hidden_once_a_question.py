"""Rows of residents are held against the few hidden ones, found once a question, in place of a look at each row's resident.

The same rows as before; a question costs the same however many residents there are.
"""

from django.db import migrations

from ledger import row_security as rs

OF_RESIDENT = (
    "membership", "phone", "emailaddress", "warning", "residentaddress", "characteristics", "involvement", "agreement",
)  # fmt: skip


def before(name: str) -> str:
    return f"{rs.STAFF} AND {rs.through('residents_resident', f'residents_{name}.resident_id')}"


NOW = f"{rs.STAFF} AND {rs.seen('resident_id')}"


class Migration(migrations.Migration):
    dependencies = [("residents", "0002_weigh_search_keys")]
    operations = [
        *[rs.protect_anew(f"residents_{name}", read=NOW, was={"read": before(name)}) for name in OF_RESIDENT],
        rs.protect_anew(
            "residents_chronologyentry",
            read=NOW,
            write="false",
            add=rs.STAFF,
            was={"read": before("chronologyentry"), "write": "false", "add": rs.STAFF},
        ),
    ]
