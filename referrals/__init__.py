"""Handing a resident to a partner, and hearing back."""
