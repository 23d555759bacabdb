"""Reads that span tiering's models. Whatever is asked for clients asks for ids: the caller starts at `visible_to(user)`.

=============  ========================================================================================
``criteria``   ``primary_scheme``, ``tiers_by_rank``, ``effective_version``, ``document_of``
``standing``   ``standings``: tier, score and pending proposal of many clients; ``tier_at``, ``pending_of`` one
``history``    ``tier_history`` of one client, ``score_series`` of many
``evidence``   assessments with their account: why a tier is what it is, and what changed
``queue``      the proposals that wait, most urgent first
``moves``      whom a run moved
``book``       ``tier_distribution``, ``pending``: over all that a user may see
``runs``       ``progress``, ``left_behind``
=============  ========================================================================================
"""
