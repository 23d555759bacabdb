"""Whatever is sent, the answer is a 4xx in one shape, and never a fault of the server."""

import base64

import pytest
from rest_framework.throttling import UserRateThrottle

from crm.api.parsing import MOST_BYTES
from tests.api.asking import Asker, make_house
from tests.factories import make_user
from tests.funnel.making import make_case

pytestmark = pytest.mark.django_db

BODIES = {
    "empty": b"",
    "not JSON": b"{",
    "text": b'"text"',
    "number": b"1",
    "list": b"[]",
    "null": b"null",
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"version":' * 50_000 + b"1" + b"}" * 50_000,
    "NaN": b'{"version": NaN}',
    "infinity": b'{"version": Infinity}',
    "beyond a float": b'{"version": 1e999}',
    "endless number": b'{"version": ' + b"9" * 5000 + b"}",
    "long number": b'{"version": ' + b"9" * 400 + b"}",
    "19 digits": b'{"version": 9999999999999999999}',
    "NUL": b'{"version": 1, "name_en": "a\\u0000b", "comment": "\\u0000", "stage": "\\u0000", "decision": "\\u0000"}',
    "NUL key": b'{"a\\u0000b": 1}',
    "half a pair": b'{"version": 1, "name_en": "\\ud800", "stage": "\\udfff", "decision": "\\ud800"}',
    "half a pair as key": b'{"\\ud800": 1}',
    "not UTF-8": b'{"name_en": "\xff\xfe"}',
    "BOM": b"\xef\xbb\xbf{}",
    "wrong types": b'{"version": [], "code": {}, "stage": [], "decision": {}, "proposals": {}, "observations": 1}',
    "more wrong types": b'{"version": {}, "kind": [], "industry": {}, "region": [[]], "proposals": "all"}',
    "booleans": b'{"version": true, "code": true, "name_en": false, "as_of": true, "proposals": [true]}',
    "key of a relation": b'{"version": 1, "code": "X", "name_en": "X", "industry": "\\u0000", "region": {"a": 1}}',
    "impossible dates": b'{"version": 1, "code": "X", "client_since": "2026-02-30", "as_of": "0000-00-00T00:00Z"}',
    "edge of time": b'{"version": 1, "code": "X", "client_since": "0000-01-01", "as_of": "0001-01-01T00:00:00+14:00"}',
    "large amounts": b'{"version": 1, "code": "X", "name_en": "X", "registered_capital": "1e400"}',
    "infinite amount": b'{"version": 1, "code": "X", "name_en": "X", "registered_capital": "Infinity"}',
    "long text": b'{"version": 1, "code": "' + b"x" * 100_000 + b'", "name_en": "y"}',
    "large ids": b'{"decision": "approve", "proposals": [9223372036854775808]}',
    "negative ids": b'{"decision": "approve", "proposals": [-1, 0]}',
    "too large": b'"' + b"x" * MOST_BYTES + b'"',
}
ITEM = '{"client": 1, "metric": "pd", "observed_on": "2026-01-01", "source": "x", "value": 1}'
ITEMS = {
    "text for a number": ('"value": 1', '"value": "nan"'),
    "true for a number": ('"value": 1', '"value": true'),
    "list for a number": ('"value": 1', '"value": [1]'),
    "object for a client": ('"client": 1', '"client": {}'),
    "large client": ('"client": 1', '"client": 99999999999999999999'),
    "NUL metric": ('"pd"', '"\\u0000"'),
    "object metric": ('"pd"', "{}"),
    "far date": ('"2026-01-01"', '"99999-01-01"'),
    "number for a date": ('"2026-01-01"', "20260101"),
    "null source": ('"x"', "null"),
    "blank source": ('"x"', '" "'),
}
QUERIES = (
    "kind=abc",
    "kind=%00",
    "q=%00",
    "q=%ff%fe",
    f"q={'x' * 101}",
    "client=abc",
    "client=1.5",
    "client=-1",
    "client=NaN",
    "client=9999999999999999999",
    "client=" + "9" * 5000,
    "rm=1e400",
    "rm=%00",
    "tier=abc",
    "tier=%00",
    "scheme=%00",
    "stage=%00",
    "industry=%00",
    "status=%F0%9F%92%A9",
    "observed_from=2026-02-30",
    "observed_from=99999-01-01",
    "as_of=%00",
    "as_of=99999-12-31",
    "page_size=0",
    "page_size=201",
    "page_size=9999999999999999999",
    "page_size=abc",
    "page_size=²",
    "cursor=abc",
    "cursor=%00",
    "cursor=é",
    "format=xml",
    "=",
    "a[]=1",
)
CURSORS = (
    b"p=abc",
    b"p=%00",
    b"p=" + b"9" * 30,
    b"p=" + b"9" * 5000,
    b"p=\xff",
    b"o=abc",
    b"o=-1",
    b"p=-1",
    b"p=1.5",
)


@pytest.fixture
def asker(monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": None})
    return Asker(make_house().rm)


@pytest.fixture
def officer(monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": None})
    return Asker(make_user("risk_officer"))


def refused(answer) -> bool:
    return 400 <= answer.status_code < 500 and set(answer.data) == {"code", "message", "fields"}


@pytest.mark.parametrize("name", BODIES)
def test_body_is_refused(name, asker, officer):
    house = make_house()
    rm, case = Asker(house.rm), make_case(house.rm, client=house.own)
    sent = [
        rm.send("POST", "clients/", raw=BODIES[name]),
        rm.send("PATCH", f"clients/{house.own.pk}/", raw=BODIES[name]),
        rm.send("POST", "observations/", raw=BODIES[name], key="k"),
        rm.send("POST", f"cases/{case.pk}/move/", raw=BODIES[name]),
        officer.send("POST", "proposals/decide/", raw=BODIES[name]),
    ]
    if name != "empty":  # a run needs nothing said
        sent.append(officer.send("POST", "runs/", raw=BODIES[name]))
    assert [answer.status_code for answer in sent if not refused(answer)] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("not JSON", "第 1 行第 2 列"),
        ("NaN", "数字"),
        ("endless number", "数字"),
        ("not UTF-8", "UTF-8"),
        ("half a pair", "UTF-8"),
    ],
)
def test_what_is_wrong_with_a_body_is_told_in_the_readers_language(name, told, asker):
    asker.headers["Accept-Language"] = "zh-hans"
    answer = asker.send("POST", "clients/", raw=BODIES[name])
    assert told in answer.data["message"]


@pytest.mark.parametrize("name", ITEMS)
def test_item_is_refused_by_its_index(name, asker):
    raw = f'{{"observations": [{ITEM.replace(*ITEMS[name])}]}}'.encode()
    answer = asker.send("POST", "observations/", raw=raw, key="k")
    assert refused(answer)
    assert all(path.startswith("observations.0") for path in answer.data["fields"])


@pytest.mark.parametrize("query", QUERIES)
def test_query_is_refused(query, asker, officer):
    house = make_house()
    paths = ["clients/", "observations/", "tiers/", "proposals/", "cases/"]
    answers = [asker.get(f"{path}?{query}") for path in paths]
    answers += [officer.get(f"runs/?{query}"), officer.get(f"clients/{house.own.pk}/tier/?{query}")]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert any(refused(answer) for answer in answers)


@pytest.mark.parametrize("cursor", CURSORS)
def test_made_up_cursor_is_refused_or_finds_nothing(cursor, asker):
    text = base64.b64encode(cursor).decode()
    for path in ("clients/", "tiers/", "cases/"):
        answer = asker.get(path, cursor=text)
        assert answer.status_code == 200 or refused(answer), answer.content


@pytest.mark.parametrize("pk", ["0", "9" * 19, "9" * 30, "9" * 5000])
def test_impossible_id_is_not_found(pk, asker, officer):
    assert asker.get(f"clients/{pk}/").status_code == 404
    assert asker.get(f"clients/{pk}/tier/").status_code == 404
    assert asker.send("POST", f"cases/{pk}/move/").status_code == 404
    assert officer.send("POST", f"proposals/{pk}/decide/").status_code == 404
    assert officer.get(f"runs/{pk}/").status_code == 404


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml", "x"]
)
def test_other_content_is_refused(content_type, asker):
    answer = asker.browser.generic("POST", "/api/v1/clients/", b"a=b", content_type, headers=asker.headers)
    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("charset", ["utf-7", "no-such", "utf-16"])
def test_charset_that_json_does_not_have_is_no_way_in(charset, asker):
    kind = f"application/json; charset={charset}"
    for method, path in (("POST", "clients/"), ("GET", "clients/?q=%41"), ("GET", "clients/?cursor=abc")):
        answer = asker.browser.generic(method, f"/api/v1/{path}", b"{}", kind, headers=asker.headers)
        assert answer.status_code < 500, (method, path)


def test_other_representation_is_refused(asker):
    asker.headers["Accept"] = "text/html"
    assert refused(asker.get("clients/"))
