"""What help exists: services of the council and its partners, from Open Referral UK feeds."""
