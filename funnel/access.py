"""Who may see, work on and decide on financing cases, and who makes the pipelines."""

import rules

from crm.access import bookholders, has_role, holds, readers
from crm.models.users import Role

rules.add_perm("funnel.view_cases", readers)
rules.add_perm("funnel.add_case", bookholders & holds)
rules.add_perm("funnel.move_case", bookholders & holds)
rules.add_perm("funnel.work_on_cases", bookholders)
rules.add_perm("funnel.add_document", bookholders | has_role(Role.RISK_OFFICER))
rules.add_perm("funnel.approve_cases", has_role(Role.TEAM_LEAD, Role.RISK_OFFICER))
rules.add_perm("funnel.waive_gates", has_role(Role.RISK_OFFICER))
rules.add_perm("funnel.view_pipelines", readers)
rules.add_perm("funnel.write_pipelines", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("funnel.publish_pipelines", has_role(Role.CRITERIA_ADMIN))
