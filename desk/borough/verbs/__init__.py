"""The verbs of the rooms below as the borough does them: the same names and arguments, the same rows, written later in bulk.

A test replays stories through the real actions and compares every row. Nothing is checked here that a story cannot get wrong.
"""
