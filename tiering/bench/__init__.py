"""How fast tiering is: measured beside a statement written by hand, over a book made up for the purpose.

``criteria``   the document that is measured
``scratch``    a database of its own, gone afterwards
``book``       clients, records, facts and tiers in force, made by SQL
``reference``  “A”: what a person would write by hand for the same method
``peers``      the same method in another rule engine, and in plain Python
``clocks``     wall and CPU time, interleaved, as medians
``measures``   what is measured, one function each
``report``     a line for each measure: value, goal, ok or over
"""
