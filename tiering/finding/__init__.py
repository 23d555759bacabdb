"""Conditions on clients over every field that the apps register: the language of criteria, for the client list.

A condition is understood and named by `tiering.core` as those of criteria are, over a catalogue that is made of the
fields (`crm.slots.Field`), and compiled into one statement of client ids.
"""
