"""Pages of the residents room."""
