"""An extract of another system taken into every room: one transaction for each file, a verdict for each row."""
