from crm.models.absences import Absence, Interest
from crm.models.attachments import Attachment, AttachmentContent, AttachmentDownload, AttachmentScan
from crm.models.briefs import Brief
from crm.models.bulk import BulkEdit, BulkItem
from crm.models.campaigns import Campaign, CampaignText, Invitation
from crm.models.case_papers import CasePaper
from crm.models.clients import Client, Industry, Region
from crm.models.conduct import Collateral, CreditReport, Facility, FinancialStatement, Payment
from crm.models.consent import Channel, ConsentRecord
from crm.models.day import CalendarFeed, Snooze
from crm.models.documents import Document, DocumentVersion
from crm.models.duplicates import DuplicateKey, DuplicatePair, DuplicateRound
from crm.models.exports import Export
from crm.models.finding import ClientSearch, PersonSearch, ProjectSearch
from crm.models.handovers import Handover, HandoverItem
from crm.models.idempotency import IdempotencyKey
from crm.models.identity import IdentityNumber, IdentityReveal
from crm.models.imports import ImportIssue, ImportJob, ImportRow, ImportTwin
from crm.models.interactions import Interaction, Participant
from crm.models.merges import Merge, MergedRow
from crm.models.notes import Follow, Note
from crm.models.notices import Digest, Notice, NoticePreference, NoticeSettings
from crm.models.observations import CustomMetric, Observation
from crm.models.people import Address, ContactPerson, Reveal
from crm.models.profiles import ProfileField, ProfileValue
from crm.models.projects import Participation, Project
from crm.models.questionnaires import AnswerLink, Questionnaire, QuestionnaireVersion, Response
from crm.models.relations import Relation
from crm.models.revenue import Revenue
from crm.models.segments import Segment, SegmentMember
from crm.models.sources import SourceOrder
from crm.models.stages import Axis, ClientRules, StageChange, StageHold, StageSweep
from crm.models.tags import ClientTag, Tag
from crm.models.tasks import Task
from crm.models.undoing import KeptRecord
from crm.models.users import Role, Team, User
from crm.models.views import ColumnChoice, SavedView

__all__ = [
    "Absence",
    "Address",
    "AnswerLink",
    "Attachment",
    "AttachmentContent",
    "AttachmentDownload",
    "AttachmentScan",
    "Axis",
    "Brief",
    "BulkEdit",
    "BulkItem",
    "CalendarFeed",
    "Campaign",
    "CampaignText",
    "CasePaper",
    "Channel",
    "Client",
    "ClientRules",
    "ClientSearch",
    "ClientTag",
    "Collateral",
    "ColumnChoice",
    "ConsentRecord",
    "ContactPerson",
    "CreditReport",
    "CustomMetric",
    "Digest",
    "Document",
    "DocumentVersion",
    "DuplicateKey",
    "DuplicatePair",
    "DuplicateRound",
    "Export",
    "Facility",
    "FinancialStatement",
    "Follow",
    "Handover",
    "HandoverItem",
    "IdempotencyKey",
    "IdentityNumber",
    "IdentityReveal",
    "ImportIssue",
    "ImportJob",
    "ImportRow",
    "ImportTwin",
    "Industry",
    "Interaction",
    "Interest",
    "Invitation",
    "KeptRecord",
    "Merge",
    "MergedRow",
    "Note",
    "Notice",
    "NoticePreference",
    "NoticeSettings",
    "Observation",
    "Participant",
    "Participation",
    "Payment",
    "PersonSearch",
    "ProfileField",
    "ProfileValue",
    "Project",
    "ProjectSearch",
    "Questionnaire",
    "QuestionnaireVersion",
    "Region",
    "Relation",
    "Response",
    "Reveal",
    "Revenue",
    "Role",
    "SavedView",
    "Segment",
    "SegmentMember",
    "Snooze",
    "SourceOrder",
    "StageChange",
    "StageHold",
    "StageSweep",
    "Tag",
    "Task",
    "Team",
    "User",
]
