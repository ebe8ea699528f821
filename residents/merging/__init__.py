"""Two records of one person become one, and two again: what moves is found by introspecting the models. See docs/merging.md."""
