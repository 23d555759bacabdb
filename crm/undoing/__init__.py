"""Taking back work on many records: imports and bulk edits.

The history of every governed table names the context that a row was written in (`crm.history`). Work that can be taken
back remembers its context; `records` brings what was written in it back to what it was before, set-wise, except what
somebody changed since or what others came to need: that stays, and `words` says why. `along` is how apps above crm say
which of their rows are mere consequences of a record and go with it.
"""
