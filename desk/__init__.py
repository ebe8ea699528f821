"""What I do next: the home page of each role and my work, over all the rooms below."""
