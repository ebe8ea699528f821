"""The peer's own small project: django-helpdesk as its documentation sets it up. Runs in an environment of its own."""
