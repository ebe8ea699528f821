"""Django's PostgreSQL backend, which tells each transaction who acts."""
