"""What secures the long facilities: plots, plant, receivables and deposits, valued at opening or since."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from config.demo.clock import moment
from config.demo.streams import clip, rounded, stream
from crm.models import Collateral, Facility

KINDS = {
    "term_loan": (("real_estate", "办公楼及厂房"), ("land", "工业用地使用权"), ("shares", "子公司股权")),
    "project_loan": (("project_rights", "项目收费权"), ("equipment", "项目设备"), ("land", "项目用地使用权")),
    "lease": (("equipment", "租赁设备"),),
    "supply_chain": (("receivables", "应收账款"),),
    "guarantee": (("deposit", "保证金"),),
}
UNSECURED = 0.25
VALUERS = ("中诚资产评估", "Huaxin Appraisal", "")


def collateral_of(facilities: Iterable[Facility], anchor: date) -> Iterator[Collateral]:
    for facility in facilities:
        source = stream("collateral", facility.number)
        kinds = KINDS.get(facility.product)
        if kinds is None or source.random() < UNSECURED:
            continue
        kind, name = source.choice(kinds)
        valued_on = min(facility.opened_on + timedelta(days=source.randint(0, 700)), anchor)
        cover = 1.0 if kind == "deposit" else clip(source.gauss(1.3, 0.35), 0.4, 2.5)
        yield Collateral(
            client=facility.client,
            facility=facility,
            kind=kind,
            name=name,
            value=rounded(float(facility.limit) * cover, 2),
            valued_on=valued_on,
            valuer=source.choice(VALUERS),
            created_at=moment(facility.opened_on, 10),
        )
