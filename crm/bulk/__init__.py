"""Changes to many clients at once: `acts` are crm's own entries of `slots.bulk_acts`, which
`crm.services.bulk_edits` does.
"""
