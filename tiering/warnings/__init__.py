"""Early warnings over the ledger of facts, set-wise: what holds of whom, what would have been raised in the past.

What a condition means is said in ``core/warnings.py``; here it becomes SQL, and what it found is kept with the words'
parameters, so that words are made when they are read.
"""
