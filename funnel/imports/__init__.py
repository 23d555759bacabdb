"""The past of cases on its way in: a kind of import of `crm.imports`, whose rows are events of cases.

A row says that a case entered a stage at a moment (columns `stage` and `entered_at`), or has a column for each stage
that holds the day on which the case entered it; both may stand in one file. `dated_columns` gathers the events of a row,
`stages` finds the stages or plans a pipeline made of those that the file names, `parties` finds or makes clients and
projects, `events` compares all of it with the records and `writing` writes it as sets.
"""
