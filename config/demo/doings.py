"""What the people of the demo have to do, who is away, and who has an interest in a client."""

from collections.abc import Iterator
from datetime import date, timedelta

from config.demo.cast import Cast
from config.demo.clock import moment, working_day
from config.demo.load import load
from config.demo.streams import stream
from config.demo.subjects import Subject
from crm.models import Absence, Client, Interest, Role, Task, User
from crm.services.tasks import add_task

TITLES = (
    ("Ask for the audited statements", "索取经审计报表"),
    ("Call about the next repayment", "沟通下一期还款"),
    ("Visit the plant", "实地走访工厂"),
    ("Check the guarantees with the registry", "向登记机构核实担保"),
    ("Talk about renewing the credit line", "商谈授信续期"),
    ("Get the board resolution on the new loan", "取得新贷款的董事会决议"),
)
OUTCOMES = (
    ("Done; the client sent everything.", "已完成，客户资料齐全。"),
    ("Spoke to the owner.", "已与实际控制人沟通。"),
)
DAYS = (-9, -2, 0, 3, 6, 17)
"""When the tasks of an RM are due, counted from the anchor."""
DONE = (-20, -12)


def give_things_to_do(subjects: list[Subject], cast: Cast, anchor: date) -> int:
    """Store tasks, absences and an interest; gives the number of tasks. Leads give some of them, and so are told of."""
    load([task for rm in cast.having(Role.RM) for task in tasks_of(rm, subjects, anchor)])
    load(list(absences_of(cast, anchor)))
    # Read anew: the cast was made before its teams had ids.
    for lead in User.objects.filter(pk__in=[user.pk for user in cast.having(Role.TEAM_LEAD)]):
        for client in Client.objects.filter(team=lead.team_id).select_related("rm").order_by("pk")[:1]:
            title = TITLES[4][writes_chinese(lead)]
            due_on = anchor + timedelta(days=4)
            add_task(by=lead, assignee=client.rm, due_on=due_on, client=client, title=title)
    officer = cast.having(Role.RISK_OFFICER)[-1]
    Interest.objects.create(
        user=officer,
        client=subjects[-1].client,
        reason="家属持有该公司股份" if writes_chinese(officer) else "A relative holds shares in the company",
    )
    return Task.objects.count()


def tasks_of(rm: User, subjects: list[Subject], anchor: date) -> Iterator[Task]:
    source, chinese, clients = stream("tasks", rm.username), writes_chinese(rm), clients_of(rm, subjects)
    for days in (*DAYS, *DONE) if clients else ():
        done = days in DONE
        due_on = anchor + timedelta(days=days)
        finished_at = moment(working_day(due_on), 16) if done else None
        yield Task(
            client=source.choice(clients),
            assignee=rm,
            title=source.choice(TITLES)[chinese],
            due_on=due_on,
            status=Task.Status.DONE if done else Task.Status.OPEN,
            outcome=source.choice(OUTCOMES)[chinese] if done else "",
            created_by=rm,
            created_at=moment(working_day(due_on - timedelta(days=30)), 10),
            finished_by=rm if done else None,
            finished_at=finished_at,
        )


def clients_of(rm: User, subjects: list[Subject]) -> list[Client]:
    return [subject.client for subject in subjects if subject.rm is rm]


def absences_of(cast: Cast, anchor: date) -> Iterator[Absence]:
    """An RM who is away now, and an officer who will be."""
    *_others, deputy, away = cast.having(Role.RM, list(cast.teams.values())[-1])
    first, second = cast.having(Role.RISK_OFFICER)[:2]
    for user, stand_in, begin, days in ((away, deputy, -1, 4), (second, first, 12, 7)):
        yield Absence(
            user=user,
            deputy=stand_in,
            starts_on=anchor + timedelta(days=begin),
            ends_on=anchor + timedelta(days=begin + days),
            reason="休假" if writes_chinese(user) else "Leave",
            entered_by=user,
            created_at=moment(working_day(anchor - timedelta(days=10)), 11),
        )


def writes_chinese(user: User) -> bool:
    """As for the notes on clients: everybody keeps to one language."""
    return bool(len(user.username) % 2)
