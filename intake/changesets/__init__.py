"""A file of people as a changeset: read, compared with whom we know, looked at, taken in row by row, undone as a whole."""
