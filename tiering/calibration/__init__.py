"""Bands, weights and probabilities proposed from history: evidence for a draft that people edit and two people publish.

``bands``     where a metric is cut so that each band tells the outcome apart from the next
``weights``   how much each indicator counts, by a logistic regression
``proposal``  a document with both, and the evidence for it
``pd``        the probability of the outcome by score
``cohorts``   clients of past days as the history that is learned from
``segments``  clients grouped by likeness
``on_file``   proposed on one half of a file, tried on the other
"""
