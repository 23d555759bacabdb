"""Two segments of a team, and a campaign that most answers have come in of."""

from datetime import date, timedelta

from config.demo.cast import Cast
from config.demo.clock import moment
from config.demo.streams import pick, stream
from crm.models import Campaign, Client, ContactPerson, Invitation, Role, Segment, User
from crm.selectors.campaign_audience import audience_of
from crm.services.campaigns import put_text, start_campaign
from crm.services.inviting import hand_out
from crm.services.segments import keep_segment
from funnel.models import Case

TEAM = "demo-east"
ANSWERS = {"": 45, "yes": 30, "later": 12, "no": 13}
TEXTS = (
    (
        "en",
        "",
        "Green finance day",
        "Dear {name},\n\nwe would like to see you at our green finance day in Shanghai.",
    ),
    ("zh-hans", "", "绿色金融交流日", "{name}，您好：\n\n诚邀您参加我们在上海举办的绿色金融交流日。"),
    (
        "zh-hans",
        "premium",
        "绿色金融交流日贵宾邀请",
        "{name}，您好：\n\n诚邀您作为贵宾参加绿色金融交流日及晚宴。",
    ),
)


def reach_out(cast: Cast, anchor: date) -> int:
    """Keep the segments, launch the campaign, and note what came of it; how many were invited."""
    lead = User.objects.get(pk=cast.having(Role.TEAM_LEAD, cast.teams[TEAM])[0].pk)
    held = Client.objects.editable_by(lead)
    live = keep_segment(
        by=lead, name="活跃企业 Active companies", kind="live", query="status=active&kind=corporate",
        clients=held, reach="team",
    )  # fmt: skip
    invited = ContactPerson.objects.filter(roles__contains=["decision_maker"], consent="given").values(
        "client"
    )
    keep_segment(
        by=lead, name="沙龙嘉宾 Salon guests", kind=Segment.Kind.STATIC, query="",
        clients=held.filter(pk__in=invited), reach="team",
    )  # fmt: skip
    campaign = start_campaign(
        by=lead,
        name="绿色金融交流日 Green finance day",
        kind=Campaign.Kind.EVENT,
        goal="Ten cases for green projects · 十个绿色融资项目",
        segment=live,
        channel="email",
        starts_on=anchor - timedelta(days=40),
        ends_on=anchor + timedelta(days=10),
    )
    for language, demand_level, subject, body in TEXTS:
        put_text(
            by=lead,
            campaign=campaign,
            language=language,
            demand_level=demand_level,
            subject=subject,
            body=body,
        )
    audience = audience_of(campaign, by=lead, day=anchor)
    campaign.status, campaign.launched_at = Campaign.Status.RUNNING, moment(campaign.starts_on, 10)
    campaign.save()
    hand_out(campaign=campaign, audience=audience, by=lead)
    return _let_them_answer(campaign)


def _let_them_answer(campaign: Campaign) -> int:
    """Mails that left, answers, who attended, and for some of these the case that the client has."""
    cases = dict(Case.objects.filter(client__team=campaign.team).order_by("-pk").values_list("client", "pk"))
    rows = list(campaign.invitations.invited())
    for row in rows:
        source = stream("invited", row.pk - rows[0].pk)
        row.delivery, row.sent_at = Invitation.Delivery.SENT, campaign.launched_at
        row.answer = pick(source, ANSWERS)
        row.attended = row.answer == "yes" and source.random() < 0.8
        row.case = cases.get(row.client_id) if row.attended and source.random() < 0.5 else None
    Invitation.objects.bulk_update(rows, ["delivery", "sent_at", "answer", "attended", "case"])
    return len(rows)
