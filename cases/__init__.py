"""The work: household case, plan, notes, reviews, outcomes, money, housing."""
