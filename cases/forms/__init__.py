"""What a well-formed ask about a case looks like. Field names are the keyword names of the actions."""
