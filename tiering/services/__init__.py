"""Every write of tiering.

=============  ========================================================================================
``criteria``   ``load_criteria``: documents as drafts
``lifecycle``  ``submit_version``, ``approve_version``, ``publish_version`` …: from a draft to what is in effect
``versions``   ``supersede_former``, ``remove_draft``: what publishing and discarding come to, of policies too
``schedule``   ``ensure_runs``, ``follow_publication``: which runs are due
``overlays``   ``request_overlay``, ``approve_overlay``, ``end_overlay``: regimes, by two people
``runs``       ``start_run``, ``work_through``, ``finish_runs``: runs, how they are cut, and their end
``opening``    ``open_run``: what is done once for a run, before its first client
``terms``      ``run_terms``, ``change_terms``: the overlays and ranks that runs go by
``chunks``     ``claim_chunk``, ``work_chunk``, ``work``: one range of clients at a time, under a lease
``retries``    ``retry_quarantined``, ``retry_left_behind``: a second chance for what failed too often
``requests``   ``drain_requests``, ``drain``: clients whose records changed
``asked``      ``request_retier``: clients whom somebody wants re-tiered
``renewal``    ``renew_facts``, ``renew_locked``: records → facts, stored where they changed
``following``  ``follow``, ``change_run``: what new facts of few clients lead to in each scheme
``retier``     ``stage``, ``settle``, ``retier``: facts → assessment → assignment or proposal
``trials``     ``try_out``: what a run that is not official finds
``proposals``  ``approve``, ``reject``, ``decide_many``: the checker's decision
=============  ========================================================================================
"""
