"""Who may see and move financing cases."""

import rules

from crm.access import bookholders, holds, readers

rules.add_perm("funnel.view_cases", readers)
rules.add_perm("funnel.add_case", bookholders & holds)
rules.add_perm("funnel.move_case", bookholders & holds)
