"""What criteria are and what they mean, in pure Python: nothing here imports Django or touches a database.

    facts → bands → weighted score → placement → gates → overlays → migration policy

===============  =====================================================================================
``catalogue``    ``METRICS``, ``POLICY_METRICS``: every quantity that criteria may name
``conditions``   the condition language: ``parse(json)``, ``holds(condition, facts)``
``words``        a condition in words, for people: ``words(condition)``, ``render(words, gettext)``
``document``     ``read(json) -> Document``, ``content_hash(json)``, ``points(score)``
``check``        ``check(document)``, ``check_data(json)``, ``check_condition(condition)``: refusals;
                 ``load(json) -> Document`` raises ``CriteriaError`` unless there are none
``evaluate``     ``evaluate(document, facts, setting) -> Assessment``; ``needs_review``; ``best_allowed``
``ranks``        ``thresholds(document, population)``: ranks as least values, which ``Terms`` freeze
``rollup``       ``deciding(roll_up, results)``: which project decides the tier of a client
``compile``      ``compile_assessment(document, relation, keys, terms) -> (sql, params)``
                 ``compile_thresholds`` and ``compile_roll_up`` beside it in ``compile_ranks`` and ``compile_rollup``
``sql``          ``compile_condition(condition, columns) -> (sql, params)``
``explain``      ``explain(document, facts, previous) -> Explanation``: distance, changes, lifts
===============  =====================================================================================
"""
