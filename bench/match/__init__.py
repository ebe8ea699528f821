"""Finding people recorded twice, beside Splink: invented registers, the yardstick in an environment of its own, the scores."""
