"""What prospects are found by: a row beside each, kept by database triggers as those of clients are (`crm.findable`)."""

from django.db import models

from crm.models.finding import Searched, search_index
from funnel.models.prospects import Prospect


class ProspectSearch(Searched):
    prospect = models.OneToOneField(Prospect, models.CASCADE, primary_key=True, related_name="search")

    class Meta:
        indexes = [search_index("prospect_search")]
