"""Who may see and do what with tiers."""

import rules

from crm.access import bookholders, has_role, holds, readers
from crm.models import Role

rules.add_perm("tiering.view_tiers", readers)
rules.add_perm("tiering.view_proposals", readers)
rules.add_perm("tiering.decide_proposals", has_role(Role.RISK_OFFICER))
rules.add_perm("tiering.request_overrides", (bookholders & holds) | has_role(Role.RISK_OFFICER))
rules.add_perm("tiering.remark", (bookholders & holds) | has_role(Role.RISK_OFFICER))
rules.add_perm(
    "tiering.view_runs", has_role(Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR)
)
rules.add_perm("tiering.write_criteria", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("tiering.view_drafts", has_role(Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR))
rules.add_perm("tiering.validate_criteria", has_role(Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR))
rules.add_perm("tiering.publish_criteria", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("tiering.start_runs", has_role(Role.RISK_OFFICER, Role.CRITERIA_ADMIN))
rules.add_perm("tiering.view_alerts", readers)
rules.add_perm("tiering.handle_alerts", (bookholders & holds) | has_role(Role.RISK_OFFICER))
rules.add_perm("tiering.decide_watchlist", has_role(Role.RISK_OFFICER))
rules.add_perm("tiering.classify_assets", has_role(Role.RISK_OFFICER))
rules.add_perm("tiering.decide_facilities", has_role(Role.RISK_OFFICER) | has_role(Role.TEAM_LEAD) & holds)
rules.add_perm("tiering.prepare_reviews", bookholders & holds)
rules.add_perm("tiering.sign_reviews", has_role(Role.RISK_OFFICER))
