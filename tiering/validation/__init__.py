"""Whether tiers do what they are for: rates of bad outcomes, discrimination, stability, concentration."""
