"""What a draft would do to the whole book, seen before anybody is affected. Nothing here writes to the database.

For pages that show the impact of a version (the approver's, a run's)::

    from tiering.pages.impact import impact_context

    context |= impact_context(version, request.user, request.GET)      # a state that the template lays out
    {% include "tiering/preview/_impact.html" %}                       # in the template, given that context

or, where the page should not wait for the book to be loaded, the panel that loads and renews itself::

    {% fragment "tiering:draft-impact" version.pk %}

Importing this package imports no NumPy; `live` and what it uses do.

``amounts``    the `Impact`: what moves, how much with it, and by whom it is held
``snapshot``   the book as columns on disk, shared by the web processes of a machine
``copying``    rows of a SELECT as columns
``loading``    how a snapshot is taken
``book``       a snapshot and what was computed of it
``books``      which snapshot a web process previews on, and when it loads another
``live``       the book under a version beside where it stands
``figures``    its impact
``stored``     the same of a run that was stored
``reasons``    why a subject moves
``subjects``   who is behind a figure
"""
