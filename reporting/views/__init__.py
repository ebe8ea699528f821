"""How people ask for figures."""
