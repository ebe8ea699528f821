"""How anything is written down: who acts, moves, trail, history, outbox, drafts, versions, references. Knows no room."""
