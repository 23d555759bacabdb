from crm.models.clients import Client, ClientSearch, Industry, Region
from crm.models.conduct import CreditReport, Facility, FinancialStatement, Payment
from crm.models.idempotency import IdempotencyKey
from crm.models.imports import ImportIssue, ImportJob, ImportRow
from crm.models.interactions import Interaction
from crm.models.observations import CustomMetric, Observation
from crm.models.projects import Participation, Project
from crm.models.revenue import Revenue
from crm.models.users import Role, Team, User

__all__ = [
    "Client",
    "ClientSearch",
    "CreditReport",
    "CustomMetric",
    "Facility",
    "FinancialStatement",
    "IdempotencyKey",
    "ImportIssue",
    "ImportJob",
    "ImportRow",
    "Industry",
    "Interaction",
    "Observation",
    "Participation",
    "Payment",
    "Project",
    "Region",
    "Revenue",
    "Role",
    "Team",
    "User",
]
