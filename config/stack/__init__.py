"""The local stack behind `./strata`: real embedded servers, a supervisor, the test run and the checks.

Nothing here is part of production, and no application module imports it.
"""
