"""Lists as files. `sources` says what a list holds; apps register theirs in `slots.export_sources`. `files` writes a
list as CSV or XLSX, piece by piece and safe from formulas; `crm.services.exports` decides who may have it, and
keeps who had.
"""
