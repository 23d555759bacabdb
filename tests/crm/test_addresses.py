import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from crm.addresses import address


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("crm:today", ()),
        ("crm:client", (7,)),
        ("crm:client", ("7",)),
        ("crm:client-tab", (31, "key-ratios")),
    ],
)
def test_address_is_that_of_the_view(name, args):
    assert address(name, *args) == reverse(name, args=args)
    assert address(name, *args) == reverse(name, args=args), "the second time, too"


def test_address_lies_under_the_site():
    inside = address("crm:client", 7)
    try:
        set_script_prefix("/strata/")
        assert address("crm:client", 7) == f"/strata{inside}"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize(("name", "args"), [("crm:nothing", ()), ("crm:client", ()), ("crm:client", (-1,))])
def test_address_of_no_page_is_refused(name, args):
    with pytest.raises(NoReverseMatch):
        address(name, *args)


def test_tag_gives_addresses_in_every_way():
    page = Template(
        '{% url "crm:client" pk %} {% url "crm:client" pk=pk %} {% url name pk "audit" as kept %}{{ kept }}'
        '{% url "crm:nothing" as none %}{{ none }}'
    )
    text = page.render(Context({"pk": 7, "name": "crm:client-tab"}))
    assert text == "/clients/7/ /clients/7/ /clients/7/audit/"
