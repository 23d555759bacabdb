"""The people of the demo: three teams, every role at least once. Their one password is no secret."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from config.demo.clock import moment, months_after
from crm.models import Role, Team, User

PASSWORD = "tiers-for-everyone"  # noqa: S105 - printed at every start
CODE_PREFIX = "demo-"


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    name_zh: str
    role: Role
    team: str = ""


TEAMS = (
    ("demo-east", "East China team", "华东团队"),
    ("demo-north", "North and West China team", "华北与西部团队"),
    ("demo-south", "South China team", "华南团队"),
)
PEOPLE = (
    Person("mei.lin", "Mei Lin", "林梅", Role.RM, "demo-east"),
    Person("jun.zhao", "Jun Zhao", "赵俊", Role.RM, "demo-east"),
    Person("yue.shen", "Yue Shen", "沈悦", Role.RM, "demo-east"),
    Person("kai.wang", "Kai Wang", "王凯", Role.RM, "demo-north"),
    Person("xia.liu", "Xia Liu", "刘霞", Role.RM, "demo-north"),
    Person("bo.tang", "Bo Tang", "唐博", Role.RM, "demo-north"),
    Person("rui.ma", "Rui Ma", "马瑞", Role.RM, "demo-north"),
    Person("hao.chen", "Hao Chen", "陈浩", Role.RM, "demo-south"),
    Person("lan.huang", "Lan Huang", "黄兰", Role.RM, "demo-south"),
    Person("peng.luo", "Peng Luo", "罗鹏", Role.RM, "demo-south"),
    Person("fang.xu", "Fang Xu", "徐芳", Role.TEAM_LEAD, "demo-east"),
    Person("gang.li", "Gang Li", "李刚", Role.TEAM_LEAD, "demo-north"),
    Person("qing.wu", "Qing Wu", "吴晴", Role.TEAM_LEAD, "demo-south"),
    Person("yan.sun", "Yan Sun", "孙岩", Role.RISK_OFFICER),
    Person("min.guo", "Min Guo", "郭敏", Role.RISK_OFFICER),
    Person("ping.xu", "Ping Xu", "徐平", Role.RISK_OFFICER),
    Person("lei.he", "Lei He", "何磊", Role.CRITERIA_ADMIN),
    Person("ning.zhou", "Ning Zhou", "周宁", Role.CRITERIA_ADMIN),
    Person("jing.gao", "Jing Gao", "高静", Role.AUDITOR),
    Person("tao.zheng", "Tao Zheng", "郑涛", Role.SYSTEM_ADMIN),
)
GRADES = {"yan.sun": 3, "min.guo": 2}
"""What risk officers may decide, where it is more than the least."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The teams and users of the book, in the order of `TEAMS` and `PEOPLE`."""

    teams: dict[str, Team]
    users: tuple[User, ...]

    def having(self, role: Role, team: Team | None = None) -> list[User]:
        return [user for user in self.users if user.role == role and (team is None or user.team == team)]


def make_cast(anchor: date) -> Cast:
    """Teams and users, not yet stored; all of them joined four years before the anchor."""
    teams = {code: Team(code=code, name=name, name_zh=name_zh) for code, name, name_zh in TEAMS}
    secret = make_password(PASSWORD)  # once for all: nobody needs the demo's hashes to differ
    users = tuple(
        User(
            username=person.username,
            name=person.name,
            name_zh=person.name_zh,
            role=person.role,
            team=teams.get(person.team),
            email=f"{person.username}@strata.example",
            grade=GRADES.get(person.username, 1),
            password=secret,
            date_joined=moment(months_after(anchor, -48)),
        )
        for person in PEOPLE
    )
    return Cast(teams, users)
