"""Reads that span tiering's models. Whatever is asked for clients asks for ids: the caller starts at `visible_to(user)`.

=============  ========================================================================================
``criteria``   ``primary_scheme``, ``effective_version``, ``document_of``
``standing``   ``standings``: tier, score and pending proposal of many clients
``history``    ``tier_history`` of one client, ``score_series`` of many
``book``       ``tier_distribution``, ``pending_count``: over all that a user may see
``evidence``   ``evidence_at``, ``evidence_of_proposal``, ``reasons_of``: stored assessments with their account
``queue``      the queue of reviews: order, filter, pages
``moves``      ``moves_of``, ``clients_moved``: which changes of tier a run led to
``runs``       ``progress``, ``waiting_requests``
=============  ========================================================================================
"""
