from django.urls import path

from config import (
    alert_api_urls,
    bulk_api_urls,
    conduct_api_urls,
    data_api_urls,
    outreach_api_urls,
    prospect_api_urls,
)
from config.api_docs import Schema, docs
from crm.api.absences import AbsenceDetail, AbsenceList, InterestEnd, InterestList
from crm.api.attachments import AttachmentFile, AttachmentList
from crm.api.clients import ClientDetail, ClientList
from crm.api.day import CalendarDays, CalendarFeedDetail, Today, TodaySnooze
from crm.api.duplicates import (
    DuplicateLater,
    DuplicateList,
    DuplicateNotSame,
    DuplicateReopen,
    MergeDetail,
    MergeList,
    MergeUndo,
)
from crm.api.handovers import HandoverDetail, HandoverList, HandoverPreview, HandoverUndo
from crm.api.identity import NumberDetail, NumberEnd, NumberList, NumberReveal
from crm.api.interactions import InteractionList
from crm.api.notes import ClientFollow, ClientTimeline, NoteDetail, NoteList, NoteVersions
from crm.api.notices import NoticeList, NoticeRead, NoticeSettingsDetail
from crm.api.observations import ObservationList
from crm.api.people import (
    AddressDetail,
    AddressEnd,
    AddressList,
    PersonDetail,
    PersonEnd,
    PersonList,
    PersonPhone,
)
from crm.api.profiles import ClientProfile, ProfileFieldDetail, ProfileFieldList
from crm.api.relations import ClientGroup, RelationDetail, RelationEnd, RelationList
from crm.api.revenue import RevenueList
from crm.api.search import Search
from crm.api.stages import ClientRulesDetail, ClientStageLift, ClientStages
from crm.api.tags import TagDetail, TagList, TagUnmark
from crm.api.tasks import TaskDetail, TaskFinish, TaskFinishMany, TaskList, TaskReopen
from funnel.api.case_parties import CaseParties, CasePartyDetail
from funnel.api.cases import CaseList, CaseMove, CaseMoveMany
from funnel.api.checks import CaseChecks, CheckFinish, CheckPlan, CheckReopen, CheckWaiver
from funnel.api.figures import FigureCases, FigureDetail
from funnel.api.parties import CaseCoLenders, CaseTeam, CoLenderDetail
from funnel.api.pipelines import (
    PipelineDrafts,
    PipelineList,
    PipelineVersionDetail,
    PipelineVersionDifferences,
    PipelineVersionPublish,
    PipelineVersions,
    PipelineVersionSendBack,
    PipelineVersionSubmit,
    RateList,
)
from funnel.api.recuts import CaseMerge, CaseSplit, RecutUndo
from funnel.api.targets import TargetList
from funnel.api.term_sheets import (
    CaseTermSheets,
    TermSheetDecide,
    TermSheetDetail,
    TermSheetPdf,
    TermSheetSubmit,
)
from funnel.api.work import (
    CaseApprovals,
    CaseClone,
    CaseDetail,
    CaseDocuments,
    CaseWaivers,
)
from tiering.api.brief import ClientBrief
from tiering.api.calibrations import CalibrationDetail, CalibrationList
from tiering.api.challengers import ChallengerDetail, ChallengerEnd, ChallengerList
from tiering.api.client_tier import ClientTier
from tiering.api.client_tiers import ClientTiers
from tiering.api.criteria import (
    CriteriaCheck,
    CriteriaDetail,
    CriteriaDifferences,
    CriteriaList,
    CriteriaSchema,
    CriteriaTemplates,
)
from tiering.api.criteria_tests import CriteriaTestDetail, CriteriaTests, CriteriaTestsRun
from tiering.api.criteria_way import (
    CriteriaApprove,
    CriteriaCallOff,
    CriteriaPublish,
    CriteriaReject,
    CriteriaSteps,
    CriteriaSubmit,
    CriteriaWithdraw,
)
from tiering.api.drafts import (
    CriteriaDocument,
    CriteriaDraft,
    CriteriaEdits,
    CriteriaRedo,
    CriteriaTables,
    CriteriaUndo,
)
from tiering.api.facility_changes import FacilityChangeDecide, FacilityChangeList
from tiering.api.follows import ClientFollows, ClientOffers, EligibleList
from tiering.api.impact import CriteriaImpact, CriteriaImpactSubjects
from tiering.api.metrics import MetricDetail, MetricList
from tiering.api.overlays import OverlayApprove, OverlayEnd, OverlayList
from tiering.api.overrides import (
    OverrideCommittee,
    OverrideDecide,
    OverrideDetail,
    OverrideEnd,
    OverrideList,
    OverrideRates,
    OverrideWithdraw,
)
from tiering.api.periodic_reviews import (
    PeriodicReviewList,
    PeriodicReviewPaper,
    PeriodicReviewPrepare,
    PeriodicReviewReturn,
    PeriodicReviewSign,
)
from tiering.api.policies import (
    PolicyDetail,
    PolicyList,
    PolicyPublish,
    PolicyReject,
    PolicySteps,
    PolicySubmit,
    PolicyWithdraw,
)
from tiering.api.proposals import ProposalDecide, ProposalDecideMany, ProposalList
from tiering.api.review_talk import (
    ProposalAssignment,
    ProposalCommittee,
    ProposalDetail,
    ProposalRemarks,
    QuestionAnswer,
)
from tiering.api.runs import RunDetail, RunList
from tiering.api.segmentations import SegmentationDetail, SegmentationList
from tiering.api.tiers import TierList
from tiering.api.trials import TrialResults
from tiering.api.validations import ValidationDetail, ValidationFigures, ValidationList, ValidationPaper

app_name = "api"
urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("clients/", ClientList.as_view(), name="client-list"),
    path("clients/<int:pk>/", ClientDetail.as_view(), name="client-detail"),
    path("duplicates/", DuplicateList.as_view(), name="duplicate-list"),
    path("duplicates/<int:pk>/not-same/", DuplicateNotSame.as_view(), name="duplicate-not-same"),
    path("duplicates/<int:pk>/later/", DuplicateLater.as_view(), name="duplicate-later"),
    path("duplicates/<int:pk>/reopen/", DuplicateReopen.as_view(), name="duplicate-reopen"),
    path("merges/", MergeList.as_view(), name="merge-list"),
    path("merges/<int:pk>/", MergeDetail.as_view(), name="merge-detail"),
    path("merges/<int:pk>/undo/", MergeUndo.as_view(), name="merge-undo"),
    path("clients/<int:pk>/tier/", ClientTier.as_view(), name="client-tier"),
    path("clients/<int:pk>/brief/", ClientBrief.as_view(), name="client-brief"),
    path("clients/<int:pk>/tiers/", ClientTiers.as_view(), name="client-tiers"),
    path("clients/<int:pk>/follows/", ClientFollows.as_view(), name="client-follows"),
    path("clients/<int:pk>/offers/", ClientOffers.as_view(), name="client-offers"),
    path("offers/", EligibleList.as_view(), name="offer-list"),
    path("facility-changes/", FacilityChangeList.as_view(), name="facility-change-list"),
    path("facility-changes/decide/", FacilityChangeDecide.as_view(), name="facility-change-decide"),
    path("periodic-reviews/", PeriodicReviewList.as_view(), name="periodic-review-list"),
    path(
        "periodic-reviews/<int:pk>/prepare/", PeriodicReviewPrepare.as_view(), name="periodic-review-prepare"
    ),
    path("periodic-reviews/<int:pk>/sign/", PeriodicReviewSign.as_view(), name="periodic-review-sign"),
    path("periodic-reviews/<int:pk>/return/", PeriodicReviewReturn.as_view(), name="periodic-review-return"),
    path("periodic-reviews/<int:pk>/paper/", PeriodicReviewPaper.as_view(), name="periodic-review-paper"),
    path("clients/<int:pk>/group/", ClientGroup.as_view(), name="client-group"),
    path("people/", PersonList.as_view(), name="person-list"),
    path("people/<int:pk>/", PersonDetail.as_view(), name="person-detail"),
    path("people/<int:pk>/end/", PersonEnd.as_view(), name="person-end"),
    path("people/<int:pk>/phone/", PersonPhone.as_view(), name="person-phone"),
    path("clients/<int:pk>/profile/", ClientProfile.as_view(), name="client-profile"),
    path("clients/<int:pk>/stages/", ClientStages.as_view(), name="client-stages"),
    path("clients/<int:pk>/stages/lift/", ClientStageLift.as_view(), name="client-stage-lift"),
    path("client-rules/", ClientRulesDetail.as_view(), name="client-rules"),
    path("client-fields/", ProfileFieldList.as_view(), name="client-field-list"),
    path("client-fields/<int:pk>/", ProfileFieldDetail.as_view(), name="client-field-detail"),
    path("numbers/", NumberList.as_view(), name="number-list"),
    path("numbers/<int:pk>/", NumberDetail.as_view(), name="number-detail"),
    path("numbers/<int:pk>/end/", NumberEnd.as_view(), name="number-end"),
    path("numbers/<int:pk>/reveal/", NumberReveal.as_view(), name="number-reveal"),
    path("addresses/", AddressList.as_view(), name="address-list"),
    path("addresses/<int:pk>/", AddressDetail.as_view(), name="address-detail"),
    path("addresses/<int:pk>/end/", AddressEnd.as_view(), name="address-end"),
    path("tags/", TagList.as_view(), name="tag-list"),
    path("tags/<int:pk>/", TagDetail.as_view(), name="tag-detail"),
    path("tags/<int:pk>/unmark/", TagUnmark.as_view(), name="tag-unmark"),
    path("relations/", RelationList.as_view(), name="relation-list"),
    path("relations/<int:pk>/", RelationDetail.as_view(), name="relation-detail"),
    path("relations/<int:pk>/end/", RelationEnd.as_view(), name="relation-end"),
    path("revenue/", RevenueList.as_view(), name="revenue-list"),
    path("observations/", ObservationList.as_view(), name="observation-list"),
    path("notices/", NoticeList.as_view(), name="notice-list"),
    path("notices/read/", NoticeRead.as_view(), name="notice-read"),
    path("notices/settings/", NoticeSettingsDetail.as_view(), name="notice-settings"),
    path("search/", Search.as_view(), name="search"),
    path("today/", Today.as_view(), name="today"),
    path("today/snooze/", TodaySnooze.as_view(), name="today-snooze"),
    path("calendar/", CalendarDays.as_view(), name="calendar"),
    path("calendar/feed/", CalendarFeedDetail.as_view(), name="calendar-feed"),
    path("interactions/", InteractionList.as_view(), name="interaction-list"),
    path("notes/", NoteList.as_view(), name="note-list"),
    path("notes/<int:pk>/", NoteDetail.as_view(), name="note-detail"),
    path("notes/<int:pk>/versions/", NoteVersions.as_view(), name="note-versions"),
    path("clients/<int:pk>/follow/", ClientFollow.as_view(), name="client-follow"),
    path("clients/<int:pk>/timeline/", ClientTimeline.as_view(), name="client-timeline"),
    path("handovers/", HandoverList.as_view(), name="handover-list"),
    path("handovers/preview/", HandoverPreview.as_view(), name="handover-preview"),
    path("handovers/<int:pk>/", HandoverDetail.as_view(), name="handover-detail"),
    path("handovers/<int:pk>/undo/", HandoverUndo.as_view(), name="handover-undo"),
    path("tasks/", TaskList.as_view(), name="task-list"),
    path("tasks/finish/", TaskFinishMany.as_view(), name="task-finish-many"),
    path("tasks/<int:pk>/", TaskDetail.as_view(), name="task-detail"),
    path("tasks/<int:pk>/finish/", TaskFinish.as_view(), name="task-finish"),
    path("tasks/<int:pk>/reopen/", TaskReopen.as_view(), name="task-reopen"),
    path("absences/", AbsenceList.as_view(), name="absence-list"),
    path("absences/<int:pk>/", AbsenceDetail.as_view(), name="absence-detail"),
    path("interests/", InterestList.as_view(), name="interest-list"),
    path("interests/<int:pk>/end/", InterestEnd.as_view(), name="interest-end"),
    path("attachments/", AttachmentList.as_view(), name="attachment-list"),
    path("attachments/<int:pk>/file/", AttachmentFile.as_view(), name="attachment-file"),
    path("tiers/", TierList.as_view(), name="tier-list"),
    path("proposals/", ProposalList.as_view(), name="proposal-list"),
    path("proposals/decide/", ProposalDecideMany.as_view(), name="proposal-decide-many"),
    path("proposals/<int:pk>/", ProposalDetail.as_view(), name="proposal-detail"),
    path("proposals/<int:pk>/decide/", ProposalDecide.as_view(), name="proposal-decide"),
    path("proposals/<int:pk>/remarks/", ProposalRemarks.as_view(), name="proposal-remarks"),
    path("proposals/<int:pk>/committee/", ProposalCommittee.as_view(), name="proposal-committee"),
    path("proposals/<int:pk>/assignment/", ProposalAssignment.as_view(), name="proposal-assignment"),
    path("proposals/questions/<int:pk>/answer/", QuestionAnswer.as_view(), name="question-answer"),
    path("funnel/figures/<slug:key>/", FigureDetail.as_view(), name="funnel-figure"),
    path("targets/", TargetList.as_view(), name="targets"),
    path("funnel/figure-cases/", FigureCases.as_view(), name="funnel-figure-cases"),
    path("cases/", CaseList.as_view(), name="case-list"),
    path("exchange-rates/", RateList.as_view(), name="exchange-rates"),
    path("pipelines/", PipelineList.as_view(), name="pipeline-list"),
    path("pipelines/<int:pk>/versions/", PipelineVersions.as_view(), name="pipeline-versions"),
    path(
        "pipeline-versions/<int:pk>/differences/",
        PipelineVersionDifferences.as_view(),
        name="pipeline-differences",
    ),
    path("pipelines/<int:pk>/drafts/", PipelineDrafts.as_view(), name="pipeline-drafts"),
    path("pipeline-versions/<int:pk>/", PipelineVersionDetail.as_view(), name="pipeline-version"),
    path("pipeline-versions/<int:pk>/submit/", PipelineVersionSubmit.as_view(), name="pipeline-submit"),
    path(
        "pipeline-versions/<int:pk>/send-back/", PipelineVersionSendBack.as_view(), name="pipeline-send-back"
    ),
    path("pipeline-versions/<int:pk>/publish/", PipelineVersionPublish.as_view(), name="pipeline-publish"),
    path("cases/move/", CaseMoveMany.as_view(), name="case-move-many"),
    path("cases/<int:pk>/", CaseDetail.as_view(), name="case-detail"),
    path("cases/<int:pk>/move/", CaseMove.as_view(), name="case-move"),
    path("cases/<int:pk>/clone/", CaseClone.as_view(), name="case-clone"),
    path("cases/<int:pk>/split/", CaseSplit.as_view(), name="case-split"),
    path("cases/<int:pk>/merge/", CaseMerge.as_view(), name="case-merge"),
    path("cases/<int:pk>/term-sheets/", CaseTermSheets.as_view(), name="case-term-sheets"),
    path("term-sheets/<int:pk>/", TermSheetDetail.as_view(), name="term-sheet"),
    path("term-sheets/<int:pk>/submit/", TermSheetSubmit.as_view(), name="term-sheet-submit"),
    path("term-sheets/<int:pk>/decide/", TermSheetDecide.as_view(), name="term-sheet-decide"),
    path("term-sheets/<int:pk>/pdf/", TermSheetPdf.as_view(), name="term-sheet-pdf"),
    path("cases/<int:pk>/team/", CaseTeam.as_view(), name="case-team"),
    path("cases/<int:pk>/co-lenders/", CaseCoLenders.as_view(), name="case-co-lenders"),
    path("co-lenders/<int:pk>/", CoLenderDetail.as_view(), name="co-lender"),
    path("cases/<int:pk>/parties/", CaseParties.as_view(), name="case-parties"),
    path("case-parties/<int:pk>/", CasePartyDetail.as_view(), name="case-party"),
    path("checks/<int:pk>/plan/", CheckPlan.as_view(), name="check-plan"),
    path("checks/<int:pk>/waiver/", CheckWaiver.as_view(), name="check-waiver"),
    path("recuts/<int:pk>/undo/", RecutUndo.as_view(), name="recut-undo"),
    path("cases/<int:pk>/checks/", CaseChecks.as_view(), name="case-checks"),
    path("cases/<int:pk>/documents/", CaseDocuments.as_view(), name="case-documents"),
    path("cases/<int:pk>/approvals/", CaseApprovals.as_view(), name="case-approvals"),
    path("cases/<int:pk>/waivers/", CaseWaivers.as_view(), name="case-waivers"),
    path("checks/<int:pk>/finish/", CheckFinish.as_view(), name="check-finish"),
    path("checks/<int:pk>/reopen/", CheckReopen.as_view(), name="check-reopen"),
    path("runs/", RunList.as_view(), name="run-list"),
    path("runs/<int:pk>/", RunDetail.as_view(), name="run-detail"),
    path("runs/<int:pk>/results/", TrialResults.as_view(), name="trial-results"),
    path("criteria/", CriteriaList.as_view(), name="criteria-list"),
    path("criteria/check/", CriteriaCheck.as_view(), name="criteria-check"),
    path("criteria/schema/", CriteriaSchema.as_view(), name="criteria-schema"),
    path("criteria/templates/", CriteriaTemplates.as_view(), name="criteria-templates"),
    path("criteria/<int:pk>/", CriteriaDetail.as_view(), name="criteria-detail"),
    path("criteria/<int:pk>/draft/", CriteriaDraft.as_view(), name="criteria-draft"),
    path("criteria/<int:pk>/edits/", CriteriaEdits.as_view(), name="criteria-edits"),
    path("criteria/<int:pk>/document/", CriteriaDocument.as_view(), name="criteria-document"),
    path("criteria/<int:pk>/undo/", CriteriaUndo.as_view(), name="criteria-undo"),
    path("criteria/<int:pk>/redo/", CriteriaRedo.as_view(), name="criteria-redo"),
    path("criteria/<int:pk>/tables/", CriteriaTables.as_view(), name="criteria-tables"),
    path("criteria/<int:pk>/differences/", CriteriaDifferences.as_view(), name="criteria-differences"),
    path("criteria/<int:pk>/impact/", CriteriaImpact.as_view(), name="criteria-impact"),
    path(
        "criteria/<int:pk>/impact/clients/", CriteriaImpactSubjects.as_view(), name="criteria-impact-clients"
    ),
    path("criteria/<int:pk>/steps/", CriteriaSteps.as_view(), name="criteria-steps"),
    path("criteria/<int:pk>/submit/", CriteriaSubmit.as_view(), name="criteria-submit"),
    path("criteria/<int:pk>/withdraw/", CriteriaWithdraw.as_view(), name="criteria-withdraw"),
    path("criteria/<int:pk>/reject/", CriteriaReject.as_view(), name="criteria-reject"),
    path("criteria/<int:pk>/approve/", CriteriaApprove.as_view(), name="criteria-approve"),
    path("criteria/<int:pk>/publish/", CriteriaPublish.as_view(), name="criteria-publish"),
    path("criteria/<int:pk>/call-off/", CriteriaCallOff.as_view(), name="criteria-call-off"),
    path("criteria/<int:pk>/tests/", CriteriaTests.as_view(), name="criteria-tests"),
    path("criteria/<int:pk>/tests/run/", CriteriaTestsRun.as_view(), name="criteria-tests-run"),
    path("criteria/tests/<int:pk>/", CriteriaTestDetail.as_view(), name="criteria-test"),
    path("calibrations/", CalibrationList.as_view(), name="calibration-list"),
    path("calibrations/<int:pk>/", CalibrationDetail.as_view(), name="calibration-detail"),
    path("segmentations/", SegmentationList.as_view(), name="segmentation-list"),
    path("segmentations/<int:pk>/", SegmentationDetail.as_view(), name="segmentation-detail"),
    path("validations/", ValidationList.as_view(), name="validation-list"),
    path("validations/<int:pk>/", ValidationDetail.as_view(), name="validation-detail"),
    path("validations/<int:pk>/figures/", ValidationFigures.as_view(), name="validation-figures"),
    path("validations/<int:pk>/paper/", ValidationPaper.as_view(), name="validation-paper"),
    path("challengers/", ChallengerList.as_view(), name="challenger-list"),
    path("challengers/<int:pk>/", ChallengerDetail.as_view(), name="challenger-detail"),
    path("challengers/<int:pk>/end/", ChallengerEnd.as_view(), name="challenger-end"),
    path("metrics/", MetricList.as_view(), name="metric-list"),
    path("metrics/<int:pk>/", MetricDetail.as_view(), name="metric-detail"),
    path("overlays/", OverlayList.as_view(), name="overlay-list"),
    path("overlays/<int:pk>/approve/", OverlayApprove.as_view(), name="overlay-approve"),
    path("overlays/<int:pk>/end/", OverlayEnd.as_view(), name="overlay-end"),
    *alert_api_urls.urlpatterns,
    *bulk_api_urls.urlpatterns,
    *conduct_api_urls.urlpatterns,
    *data_api_urls.urlpatterns,
    *outreach_api_urls.urlpatterns,
    *prospect_api_urls.urlpatterns,
    path("policies/", PolicyList.as_view(), name="policy-list"),
    path("policies/<int:pk>/", PolicyDetail.as_view(), name="policy-detail"),
    path("policies/<int:pk>/steps/", PolicySteps.as_view(), name="policy-steps"),
    path("policies/<int:pk>/submit/", PolicySubmit.as_view(), name="policy-submit"),
    path("policies/<int:pk>/withdraw/", PolicyWithdraw.as_view(), name="policy-withdraw"),
    path("policies/<int:pk>/reject/", PolicyReject.as_view(), name="policy-reject"),
    path("policies/<int:pk>/publish/", PolicyPublish.as_view(), name="policy-publish"),
    path("overrides/", OverrideList.as_view(), name="override-list"),
    path("overrides/rates/", OverrideRates.as_view(), name="override-rates"),
    path("overrides/<int:pk>/", OverrideDetail.as_view(), name="override-detail"),
    path("overrides/<int:pk>/decide/", OverrideDecide.as_view(), name="override-decide"),
    path("overrides/<int:pk>/committee/", OverrideCommittee.as_view(), name="override-committee"),
    path("overrides/<int:pk>/end/", OverrideEnd.as_view(), name="override-end"),
    path("overrides/<int:pk>/withdraw/", OverrideWithdraw.as_view(), name="override-withdraw"),
]
