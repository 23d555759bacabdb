"""The demo book: an invented institution with its people, clients, records and a year of tiers.

An application of its own at the top layer, because it fills all three others. Everything is drawn from fixed seeds and
placed relative to an anchor day, so the same anchor gives the same book on every machine.
"""
