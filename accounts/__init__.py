"""Who may act: organisations, teams, users, roles, sign-in, access, working time."""
