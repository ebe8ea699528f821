"""Tags of the intake room."""
