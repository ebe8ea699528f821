"""Who we help: people, households, search, agreements, chronology."""
