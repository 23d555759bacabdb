"""Criteria tried on a CSV of metrics: no client record is read and none is written.

``facts_file`` reads subjects from the file, ``by_python`` and ``by_sql`` assess them, ``results_file`` writes what
comes out. Both engines give the same rows in the same order, so their files are equal byte for byte.
"""
