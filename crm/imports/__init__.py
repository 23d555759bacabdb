"""Files on their way in: read, mapped, staged by COPY, checked and written as sets.

The order of a file's life: `readers` turn bytes into a header and rows; `mapping` says which column is which field of a
kind (`kinds`); `staging` keeps the raw cells; `cleaning` parses them (`values`) into a temporary table (`batch`);
`clients`, `statements`, `observations`, `projects` and `revenue` find what it names (`resolve`), compare it with the
records and write what is distinct (`merging`). `messages` says in words why a row is refused. `crm.services.imports` is
the way in.
"""
