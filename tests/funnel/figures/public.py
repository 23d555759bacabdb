"""Two public books as the funnel takes them in: IFC's disclosed projects, and the opportunities of a made-up company."""

from pathlib import Path

from django.core.management import call_command

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
IFC = DATA / "ifc_projects.csv.gz"
OPPORTUNITIES = DATA / "maven_crm" / "sales_pipeline.csv"


def take_in_ifc(file: Path, user: str) -> None:
    """A row per project, with a column of dates for each stage; amounts in millions of dollars."""
    columns = {
        "client": "Company Name",
        "project": "Project Name",
        "stage:Disclosed": "Date Disclosed",
        "stage:Approved": "IFC Approval Date",
        "stage:Signed": "IFC Signed Date",
        "stage:Invested": "IFC Invested Date",
        "amount": "Total IFC investment as approved by Board(Million - USD)",
        "industry": "Industry",
        "region": "Country",
        "product": "Product Line",
    }
    _take_in(
        file, user, "IFC", "Disclosed|Approved|Signed|Invested", columns,
        ["code=IFC-{row}", "money_unit=1000000", "currency=USD", "date_order=mdy"],
        ["client:=Not named", "product:Equity=", "product:Risk Management="],
    )  # fmt: skip


def take_in_opportunities(file: Path, user: str) -> None:
    """A row per opportunity: when it was engaged, and the stage that it is in. Prospects have no date of their own."""
    columns = {
        "code": "opportunity_id",
        "client": "account",
        "stage": "deal_stage",
        "entered_at": "close_date",
        "stage:Engaging": "engage_date",
        "amount": "close_value",
    }
    _take_in(
        file, user, "Deals", "Prospecting|Engaging|Won|Lost", columns, ["currency=USD"],
        ["client:=Not named", "entered_at:=2016-10-20"],
    )  # fmt: skip


def _take_in(
    file: Path,
    user: str,
    pipeline: str,
    stages: str,
    columns: dict[str, str],
    always: list[str],
    means: list[str],
) -> None:
    call_command(
        "funnel", "import", str(file), "--add-reference",
        f"--pipeline={pipeline}", f"--stages={stages}", f"--user={user}",
        *[f"--map={field}={column}" for field, column in columns.items()],
        *[f"--set={said}" for said in always],
        *[f"--means={said}" for said in means],
    )  # fmt: skip
