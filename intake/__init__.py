"""Who came to the door: contacts, their words, needs and answers; imports."""
