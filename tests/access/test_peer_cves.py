"""What has gone wrong elsewhere, one test for each class, named after where it was found, kept for ever.

The tests carry the class and not the one payload: what is hidden or not one's own does not come out, and is not
changed, by a way that is not the main one.
"""

import json

import pytest
from django.test import Client

from teams.models import Team
from tests.access.world import CANARIES, SEEN_BY
from tests.city import MONDAY
from tickets.commands import merge
from tickets.lifecycle import StepNotAllowed
from tickets.models import Escalation, Follower, Ticket

HIDDEN = ["confidential", "escalated_confidential", "unattended_confidential"]


def signed_in(world, who):
    client = Client()
    client.force_login(getattr(world, who))
    return client


def call(client, address, **body):
    return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("name", HIDDEN)
def test_freescout_ghsa_v8vc_merging_does_not_open_what_is_hidden(world, name):
    """FreeScout GHSA-v8vc-cmf9-gg2c, CVE-2026-39384: a merge took in a conversation the agent could not see."""
    client, hidden, own = signed_in(world, "helpdesk"), world.tickets[name], world.tickets["ordinary"]
    if "helpdesk" in SEEN_BY[name]:
        return
    assert call(client, f"tickets/{own.number}/merge/", into=hidden.number).status_code == 422
    assert call(client, f"tickets/{hidden.number}/merge/", into=own.number).status_code == 404
    assert client.get(f"/tickets/{own.number}/merge/?into={hidden.number}").status_code == 404
    assert client.post(f"/tickets/{own.number}/merge/", {"into": hidden.number}).status_code == 422
    assert (
        set(Ticket.objects.filter(pk__in=[hidden.pk, own.pk]).values_list("status", flat=True)) & {"merged"} == set()
    )


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("who", ["helpdesk", "tablet_specialist", "colleague", "coordinator"])
def test_freescout_ghsa_wqq7_a_number_finds_no_more_than_the_scope(world, name, who):
    """FreeScout GHSA-wqq7-4q7m-273v: search by number past the mailbox's rights."""
    if who in SEEN_BY[name]:
        return
    client, number = signed_in(world, who), world.tickets[name].number
    for address in (
        f"/tickets/?q={number}",
        f"/queue/?q={number}",
        f"/triage/?view=all&q={number}",
        f"/triage/?ticket={number}",
        f"/calls/found/?wanted={number}",
        f"/api/v1/tickets/?q={number}",
    ):
        html = client.get(address).content.decode()
        assert CANARIES[name] not in html and f'href="/tickets/{number}/"' not in html, address


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("who", ["helpdesk", "tablet_specialist", "colleague"])
def test_freescout_ghsa_gh3r_live_answers_tell_only_those_who_see_it(world, name, who):
    """FreeScout GHSA-gh3r-jh6q-wrvj: live events of conversations the agent could not open."""
    if who in SEEN_BY[name]:
        return
    client, number = signed_in(world, who), world.tickets[name].number
    assert client.post(f"/tickets/{number}/live/", {"here": ""}).status_code == 404
    assert CANARIES[name] not in client.get("/queue/live/?tab=todo").content.decode()
    assert CANARIES[name] not in client.get("/triage/live/?view=all").content.decode()


@pytest.mark.parametrize("name", HIDDEN)
def test_zammad_34722_a_new_report_links_to_nothing_hidden(world, name):
    """Zammad CVE-2026-34722: links made at creation pointed at tickets of others."""
    client, number = signed_in(world, "helpdesk"), world.tickets[name].number
    if "helpdesk" in SEEN_BY[name]:
        return
    caller = {"school": "100001", "caller_name": "Vera Vertretung", "into": number}
    assert client.post("/calls/counted/", caller).status_code == 404
    body = {"school": "100001", "category": "display"}
    assert call(client, "tickets/", **body, merged_into=number).status_code in (400, 422)
    assert not Follower.objects.exists()


@pytest.mark.parametrize("name", HIDDEN)
def test_zammad_13229_a_photo_comes_out_through_its_own_report_only(world, name):
    """Zammad CVE-2026-13229: an attachment was cloned into a ticket one could see."""
    client, key = signed_in(world, "teacher"), world.photos[name].key
    own = world.tickets["ordinary"].number
    if name != "confidential":
        assert client.get(f"/tickets/{own}/photos/{key}/").status_code == 404
        assert client.get(f"/api/v1/tickets/{own}/attachments/{key}/").status_code == 404
    assert client.get(f"/tickets/drafts/{world.draft.key}/photos/{key}/").status_code == 404


def test_a_photo_that_moved_by_a_merge_does_not_take_the_other_photos_along(world):
    """The same class after a merge: who sees the source finds the own photo there, and nothing of the target."""
    source, target = world.tickets["escalated"], world.tickets["ordinary"]
    merge.merge(ticket=source, into=target, by=world.manager, at=MONDAY)
    client = signed_in(world, "specialist")  # sees what was ever handed over, not the target
    assert client.get(f"/tickets/{source.number}/photos/{world.photos['escalated'].key}/").status_code == 200
    assert client.get(f"/tickets/{source.number}/photos/{world.photos['ordinary'].key}/").status_code == 404
    assert client.get(f"/tickets/{target.number}/photos/{world.photos['escalated'].key}/").status_code == 404
    listed = client.get(f"/api/v1/tickets/{source.number}/attachments/").json()["results"]
    assert [row["id"] for row in listed] == [str(world.photos["escalated"].key)]


def test_otrs_36097_no_chain_of_steps_gives_somebody_another_team_s_report(world):
    """OTRS CVE-2021-36097 and CVE-2023-38058: lock, move, and then full control."""
    ticket, client = world.tickets["escalated"], signed_in(world, "tablet_specialist")
    bodies = {
        "accept-escalation": {},
        "transfer": {"team": "tablets", "reason": "Meins"},
        "return": {"text": "Zurück"},
        "classify": {"category": "tablet"},
        "merge": {"into": ticket.number},
        "assign": {"person": world.tablet_specialist.email},
        "resolve": {"solution": "Erledigt"},
    }
    for step, body in bodies.items():
        assert call(client, f"tickets/{ticket.number}/{step}/", **body).status_code == 403, step
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (Team.objects.get(slug="network"), None)


@pytest.mark.parametrize(
    "field", ["assignee", "status", "level", "confidential", "by", "at", "is_complete", "ticket", "reason", "outcome"]
)
def test_freescout_40569_a_packet_sets_nothing_but_what_it_is_made_of(world, field):
    """FreeScout CVE-2026-40569, GLPI CVE-2023-41326: mass assignment."""
    client, ticket = signed_in(world, "manager"), world.tickets["ordinary"]
    packet = world.packet(ticket)
    body = {
        "checklist": dict(packet.answers),
        "tried": packet.tried,
        "since": packet.since.isoformat(),
        "access": packet.access,
        "rooms": [room.pk for room in packet.rooms],
    }
    assert call(client, f"tickets/{ticket.number}/escalate/", **body, **{field: 1}).status_code == 400
    assert not Escalation.objects.filter(ticket=ticket).exists()
    assert call(client, f"tickets/{ticket.number}/escalate/", **body).status_code == 200


@pytest.mark.parametrize("parameter", ["order", "sort", "ordering", "o", "una_sort"])
def test_django_helpdesk_ghsa_mxcg_no_parameter_orders_by_what_is_hidden(world, parameter):
    """django-helpdesk GHSA-mxcg-7m22-x9pj: the order of rows told a secret column."""
    client = signed_in(world, "specialist")
    usual = client.get("/triage/?view=all").content.decode().count(CANARIES["escalated"])
    odd = client.get("/triage/", {"view": "all", parameter: "reporter__password"})
    assert odd.status_code == 200 and odd.content.decode().count(CANARIES["escalated"]) == usual
    answer = client.get("/api/v1/tickets/", {parameter: "reporter__password"})
    assert answer.status_code == 400


def test_otrs_6540_the_table_one_takes_along_has_what_the_list_has(world):
    """OTRS CVE-2024-6540: the export showed tickets of other customers."""
    for who in ("colleague", "tablet_specialist", "helpdesk", "coordinator"):
        table = signed_in(world, who).post("/tickets/export/").getvalue().decode()
        seen = {name for name, ticket in world.tickets.items() if ticket.number in table}
        assert seen == {name for name, people in SEEN_BY.items() if who in people}, who


def test_zammad_1216_merged_crosswise_one_of_both_stays_open(world):
    """zammad#1216: two agents merged in opposite directions, both tickets closed, nobody answered."""
    one, other = world.tickets["ordinary"], world.report(by=world.contact)
    merge.merge(ticket=one, into=other, by=world.manager, at=MONDAY)
    with pytest.raises(StepNotAllowed):
        merge.merge(ticket=other, into=one, by=world.helpdesk, at=MONDAY)
    other.refresh_from_db()
    assert other.is_open
    assert one.events.exists() and other.events.filter(verb="absorbed").exists()
