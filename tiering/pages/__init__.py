"""What tiering's pages say, ready to be laid out: words and formatted numbers over `selectors` and `core`.

=============  ========================================================================================
``account``    one assessment: dimensions, gates, lifts, what is missing
``reviews``    rows of the queue, one change with its evidence, refusals in words
``client``     the score over time and the history of tiers
``runs``       progress, duration, and the matrix of moves
``criteria``   a version of the criteria in words
=============  ========================================================================================
"""
