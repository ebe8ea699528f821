"""Extracts of other systems, in the shape of the Standard Safeguarding Dataset: files, codes and rows. Nothing here writes a record."""
