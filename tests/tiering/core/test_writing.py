import json

from hypothesis import HealthCheck, given, settings

from tests.tiering.core.methods import documents
from tiering.core.document import content_hash
from tiering.core.writing import WIDTH, text_of
from tiering.criteria_files import template, template_keys


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=documents())
def test_written_document_reads_back_as_itself(data):
    assert json.loads(text_of(data)) == data


def test_order_of_keys_makes_no_difference_to_what_is_written():
    data = template("slotting")
    shuffled = json.loads(json.dumps(data, sort_keys=True))
    assert text_of(shuffled) == text_of(data)
    assert content_hash(shuffled) == content_hash(data)


def test_lines_are_broken_where_they_can_be():
    long = [
        line for key in template_keys() for line in text_of(template(key)).splitlines() if len(line) > WIDTH
    ]
    assert all(line.lstrip().startswith(('"en"', '"zh"', '"label"', '{"key"')) for line in long)
