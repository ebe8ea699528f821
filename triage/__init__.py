"""How much help: rules, trace, decision, clocks, queue."""
