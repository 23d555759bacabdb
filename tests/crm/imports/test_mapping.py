import pytest

from crm.imports import errors, mapping
from crm.models import Client, CustomMetric, ImportJob
from tests.crm.imports.making import imported

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        (
            "clients",
            ["客户编号", "公司名称", "所属行业", "City", "Reg. No.", "RM", "Remarks"],
            {
                "code": "客户编号",
                "name": "公司名称",
                "registration_number": "Reg. No.",
                "industry": "所属行业",
                "region": "City",
                "rm": "RM",
            },
        ),
        (
            "statements",
            ["Company Name", "CLIENT_CODE", "报告期", "营业收入", "total  assets", "单位"],
            {
                "client": "CLIENT_CODE",
                "period_end": "报告期",
                "revenue": "营业收入",
                "total_assets": "total  assets",
                "money_unit": "单位",
            },
        ),
        (
            "observations",
            ["客户", "指标", "数值", "日期", "来源"],
            {"client": "客户", "metric": "指标", "value": "数值", "observed_on": "日期", "source": "来源"},
        ),
        (
            "observations",
            ["client", "date", "source", "Current ratio", "leverage", "other"],
            {
                "client": "client",
                "observed_on": "date",
                "source": "source",
                "current_ratio": "Current ratio",
                "leverage": "leverage",
            },
        ),
        (
            "projects",
            ["项目编号", "项目名称", "Borrower", "币种"],
            {"code": "项目编号", "name": "项目名称", "client": "Borrower", "currency": "币种"},
        ),
    ],
)
def test_suggest_reads_headers_in_both_languages(kind, header, expected):
    assert mapping.suggest(kind, header) == expected


def test_suggest_knows_ones_own_metrics_by_either_label():
    CustomMetric.objects.create(key="green", label_en="Green share", label_zh="绿色占比")
    for header in ("Green share", "绿色占比"):
        assert mapping.suggest("observations", [header]) == {"green": header}


def job(kind, given, constants=None):
    return ImportJob(kind=kind, header=["a", "b", "c"], mapping=given, constants=constants or {})


READINGS = {"observed_on": "2025-01-01", "source": "s"}


@pytest.mark.parametrize(
    ("unchecked", "refusal"),
    [
        (job("clients", {}), errors.IncompleteMapping),
        (job("statements", {"client": "a"}), errors.IncompleteMapping),
        (job("observations", {"client": "a", "observed_on": "b", "source": "c"}), errors.IncompleteMapping),
        (job("projects", {"name": "a"}), errors.IncompleteMapping),
        (job("clients", {"code": "z"}), errors.UnknownColumn),
        (job("clients", {"colour": "a"}), errors.UnknownField),
        (job("clients", {"code": "a"}, {"colour": "red"}), errors.UnknownField),
        (job("clients", {"code": "a"}, {"date_order": "ymd"}), errors.UnknownDateOrder),
        (job("observations", {"client": "a", "value": "b", "leverage": "c"}, READINGS), errors.MixedReadings),
        (job("observations", {"client": "a", "pl_x1": "b"}), errors.UnknownMetric),
    ],
)
def test_check_names_what_a_mapping_lacks(unchecked, refusal):
    with pytest.raises(refusal) as refused:
        mapping.check(unchecked)
    assert "%(" not in str(refused.value)


def test_constants_fill_what_the_file_does_not_say():
    done = imported(
        "clients",
        [["n"], ["甲"], ["乙"]],
        mapping={"name": "n"},
        constants={"code": "G-{row}", "kind": "机构"},
    )
    assert done.counts == {"create": 2}
    found = Client.objects.order_by("code").values_list("code", "name_zh", "kind")
    assert list(found) == [("G-1", "甲", "institution"), ("G-2", "乙", "institution")]
