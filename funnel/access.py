"""Who may see, work on and decide on financing cases, and who makes the pipelines."""

import rules

from crm.access import bookholders, has_role, holds, readers
from crm.models.users import Role, Team, User

rules.add_perm("funnel.view_cases", readers)
rules.add_perm("funnel.add_case", bookholders & holds)
rules.add_perm("funnel.move_case", bookholders & holds)
rules.add_perm("funnel.work_on_cases", bookholders)
rules.add_perm("funnel.add_document", bookholders | has_role(Role.RISK_OFFICER))
rules.add_perm("funnel.approve_cases", has_role(Role.TEAM_LEAD, Role.RISK_OFFICER))
rules.add_perm("funnel.waive_gates", has_role(Role.RISK_OFFICER))


@rules.predicate
def leads(user, whose) -> bool:
    """A lead sets the targets of the own team and of its people; nothing named: somebody who leads."""
    if whose is None:
        return True
    team = whose.pk if isinstance(whose, Team) else whose.team_id if isinstance(whose, User) else None
    return team is not None and team == user.team_id


rules.add_perm("funnel.view_targets", readers | has_role(Role.SYSTEM_ADMIN))
rules.add_perm("funnel.set_targets", has_role(Role.SYSTEM_ADMIN) | (has_role(Role.TEAM_LEAD) & leads))
rules.add_perm("funnel.view_pipelines", readers)
rules.add_perm("funnel.write_pipelines", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("funnel.publish_pipelines", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("funnel.view_prospects", readers)
rules.add_perm("funnel.write_prospects", bookholders)
rules.add_perm("funnel.add_leads", bookholders | has_role(Role.SYSTEM_ADMIN))
rules.add_perm("funnel.write_lead_sources", has_role(Role.TEAM_LEAD))
rules.add_perm("funnel.write_screening", has_role(Role.CRITERIA_ADMIN))
