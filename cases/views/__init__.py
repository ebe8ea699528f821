"""How people ask about cases."""
