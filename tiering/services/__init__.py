"""Every write of tiering.

=============  ========================================================================================
``criteria``   ``load_criteria``, ``publish_version``: drafts, and the version that is in effect
``runs``       ``ensure_runs``, ``start_run``, ``work_through``, ``finish_runs``: runs and their slots
``chunks``     ``claim_chunk``, ``work_chunk``, ``work``: one range of clients at a time, under a lease
``retries``    ``retry_quarantined``, ``retry_left_behind``: a second chance for what failed too often
``requests``   ``drain_requests``, ``drain``: clients whose records changed
``asked``      ``request_retier``: clients whom somebody wants re-tiered
``retier``     ``retier``: facts → assessment → assignment or proposal, for a set of clients
``proposals``  ``approve``, ``reject``, ``decide_many``: the checker's decision
=============  ========================================================================================
"""
