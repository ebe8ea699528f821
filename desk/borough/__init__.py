"""The demonstration borough: invented people who live through three years, with every row that the verbs would have left."""
