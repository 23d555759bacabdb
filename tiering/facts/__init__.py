"""Facts: what is known of a client on a day, as one set-based statement over the records in `crm`.

* A record counts from the day it was received. The latest period, report or observation wins; of two about the same
  day the one received last: a restatement replaces what it restates.
* An observation of a metric replaces what the records say, until a later statement, or a later credit report with
  the same figure, arrives. Profile, reference data and our own ledger bear no date, so an observation replaces them
  until it is too old.
* What is older than the metric's maximum age is not known. What cannot be divided is not known.
* Profile, reference data and the state of a project are as they are now: they carry no dates.

``derivation``  ``derive(clients, as_of)``: the statement and its parameters
``formulas``    the formula of each metric
``records``     which records count
``benchmark``   what the whole book was like at a moment
``provenance``  which record is behind a value
``ages``        how old a value is
``reading``     what a document reads, as SQL
"""

from tiering.facts.derivation import CLOCK_STEPS, COLUMNS, STORED, derive
from tiering.facts.provenance import Origin, origin
from tiering.facts.records import local_day

__all__ = ["CLOCK_STEPS", "COLUMNS", "STORED", "Origin", "derive", "local_day", "origin"]
