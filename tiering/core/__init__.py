"""What criteria are and what they mean, in pure Python: nothing here imports Django or touches a database.

    facts → bands → weighted score → cut-off → gates

===============  =====================================================================================
``catalogue``    ``METRICS``, ``POLICY_METRICS``: every quantity that criteria may name
``conditions``   the condition language: ``parse(json)``, ``holds(condition, facts)``
``words``        a condition in words, for people: ``words(condition)``, ``render(words, gettext)``
``document``     ``read(json) -> Document``, ``content_hash(json)``, ``points(score)``
``check``        ``check(document)``, ``check_data(json)``, ``check_condition(condition)``: refusals;
                 ``load(json) -> Document`` raises ``CriteriaError`` unless there are none
``evaluate``     ``evaluate(document, facts) -> Assessment``; ``needs_review``; ``best_allowed``
``compile``      ``compile_assessment(document, relation, keys, terms) -> (sql, params)``
``sql``          ``compile_condition(condition, columns) -> (sql, params)``
``explain``      ``explain(document, facts, previous) -> Explanation``: distance, changes, lifts
===============  =====================================================================================
"""
