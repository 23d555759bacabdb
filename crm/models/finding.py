"""What records are found by: a row beside each, kept by database triggers (`crm.findable` reads it)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from crm.models.clients import Client
from crm.models.people import ContactPerson
from crm.models.projects import Project


def search_index(name: str) -> GinIndex:
    """Grams for what is short or Chinese, trigrams for longer words and for misspelt ones."""
    return GinIndex(fields=["grams", "text"], opclasses=["array_ops", "gin_trgm_ops"], name=name)


class Searched(models.Model):
    """A record's names and numbers, folded, with the Chinese name in pinyin and by initials (`crm.core.terms`)."""

    text = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class ClientSearch(Searched):
    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="search")

    class Meta:
        indexes = [search_index("client_search")]


class ProjectSearch(Searched):
    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="search")

    class Meta:
        indexes = [search_index("project_search")]


class PersonSearch(Searched):
    person = models.OneToOneField(ContactPerson, models.CASCADE, primary_key=True, related_name="search")

    class Meta:
        indexes = [search_index("person_search")]
