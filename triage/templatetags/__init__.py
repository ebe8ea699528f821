"""Tags of the triage room."""
