"""Template tags of the referrals room."""
