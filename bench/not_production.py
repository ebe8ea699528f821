"""Stops the bench where this is production, before anything else is read."""

import os

if os.environ.get("CS_PRODUCTION", "").strip().lower() not in {"", "0", "no", "false"}:
    raise SystemExit("The bench has no business in production (CS_PRODUCTION).")
