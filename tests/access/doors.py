"""Every address of Campusruf and who gets what there, written down as data.

A new route fails `test_doors.py` until it has a line here. Read a line as: this method at this address is answered
with this status for these people, and with `others` for everybody else who is signed in; `out` is the answer to
somebody who is not. Of several statuses the first counts; 0 stands for "not asked here". Names in braces are filled
in by `World.address`.
"""

from dataclasses import dataclass, field

from tests.access.world import EVERYBODY, KNOWN_BY, SECOND_LEVEL, SEEN_BY

AT_BRECHT = {"teacher", "colleague", "contact", "head"}
CITY_WIDE = {"helpdesk", "coordinator", "city_reader", "administrator", *SECOND_LEVEL}
SEE_BRECHT = {*AT_BRECHT, "manager", *CITY_WIDE}
FIRST_LEVEL = {"manager", "helpdesk"}
KEEP_BRECHT = {"contact", "manager", "helpdesk"}
REPORT_AT_BRECHT = {*AT_BRECHT, "manager", "helpdesk"}
HAVE_A_QUEUE = {"manager", "asseln_manager", "helpdesk", "coordinator"}
STAFF = {*HAVE_A_QUEUE, *SECOND_LEVEL}
HAVE_A_SETTINGS_PAGE = {"administrator"}
TO_THE_DOOR, NO_KEY = 302, 401
ASKS_IN_VAIN = 401  # a page that asks by itself is told, and led nowhere


@dataclass(frozen=True)
class Door:
    """One method of one address; `answers` maps a status to the people who get it."""

    route: str
    method: str
    address: str
    answers: dict[int, set[str]]
    others: int = 404
    out: int = TO_THE_DOOR
    body: dict = field(default_factory=dict)

    def expected(self, who: str) -> int:
        return next((status for status, people in self.answers.items() if who in people), self.others)


def page(route, address, answers, others=404, out=TO_THE_DOOR):
    return Door(route, "GET", address, answers if isinstance(answers, dict) else {200: answers}, others, out)


def form(route, address, answers, others=404, out=TO_THE_DOOR, **body):
    return Door(route, "POST", address, answers if isinstance(answers, dict) else {302: answers}, others, out, body)


def read(route, address, answers, others=404, out=NO_KEY):
    return page(f"api-{route}", f"/api/v1/{address}", answers, others, out)


def call(route, address, answers, others=404, out=NO_KEY, **body):
    return form(f"api-{route}", f"/api/v1/{address}", answers, others, out, **body)


#: Open to the world, and the same for everybody.
PUBLIC = [
    page("login", "/login/", {302: EVERYBODY}, out=200),
    form("login", "/login/", {422: EVERYBODY}, out=422),
    form("logout", "/logout/", EVERYBODY, out=302),
    page("password-reset", "/password/reset/", EVERYBODY, out=200),
    form("password-reset", "/password/reset/", {422: EVERYBODY}, out=422),
    page("password-reset-sent", "/password/reset/sent/", EVERYBODY, out=200),
    page("password-set", "/password/set/", {410: EVERYBODY}, out=410),
    page(
        "password-link",
        "/password/set/7a1ff7a4-5ffb-4a8f-8d0b-0b2a5f3a2f11/not-a-token/",
        {410: EVERYBODY},
        out=410,
    ),
    page("page", "/pages/imprint/", EVERYBODY, out=200),
    page("page", "/pages/nowhere/", {404: EVERYBODY}, out=404),
    page("security-txt", "/.well-known/security.txt", {404: EVERYBODY}, out=404),  # no address in the settings yet
    page("barrier", "/barrier/", EVERYBODY, out=200),
    form("barrier", "/barrier/", {422: EVERYBODY}, out=422),
    page("barrier-reported", "/barrier/reported/", EVERYBODY, out=200),
    form("language", "/language/", EVERYBODY, out=302, language="en"),
    form("theme", "/theme/", EVERYBODY, out=302, theme="dark"),
    page("metrics", "/metrics", {404: EVERYBODY}, out=404),  # there is no key in the settings of the tests
    page("health-live", "/health/live", EVERYBODY, out=200),
    page("health-ready", "/health/ready", EVERYBODY, out=200),
    page("api-schema", "/api/v1/schema/", EVERYBODY, out=200),
    page("api-docs", "/api/v1/docs/", EVERYBODY, out=200),
    page("api-nowhere", "/api/v1/nowhere/", {404: EVERYBODY}, out=404),
]

#: One's own: the account, notices, drafts, and where one begins.
OWN = [
    page("home", "/", {302: EVERYBODY}),
    page("start", "/start/teacher/", {302: {"teacher", "colleague", "kant_teacher"}}),
    page("start", "/start/head/", {302: {"head"}}),
    page("start", "/start/campus_manager/", {302: {"manager", "asseln_manager"}}),
    page("start", "/start/administrator/", {302: {"administrator"}}),
    page("start", "/start/emperor/", {404: EVERYBODY}),
    page("account", "/account/", EVERYBODY),
    form("account", "/account/", {422: EVERYBODY}, language="xx"),
    page("password-change", "/account/password/", EVERYBODY),
    form("password-change", "/account/password/", {422: EVERYBODY}),
    page("key-new", "/account/keys/new/", EVERYBODY),
    form("key-new", "/account/keys/new/", {422: EVERYBODY}),
    form("key-revocation", "/account/keys/1/revocation/", {404: EVERYBODY}),
    form("key-revocation", "/account/keys/99999999999999999999/revocation/", {404: EVERYBODY}),
    page("notification-preferences", "/account/notifications/", EVERYBODY),
    form("notification-preferences", "/account/notifications/", {422: EVERYBODY}, budget="0"),
    page("notices", "/notices/", EVERYBODY),
    form("notices-export", "/notices/export/", {200: EVERYBODY}),
    form("notices-read", "/notices/read/", EVERYBODY),
    form("notice-opening", "/notices/{notice}/opening/", {"manager"}),
    form("notice-opening", "/notices/99999999999999999999/opening/", {404: EVERYBODY}),
    page("demo-mails", "/demo/mails/", EVERYBODY),
    page("draft-photo", "/tickets/drafts/{draft}/photos/{draft_photo}/", {"teacher"}),
    form("draft-removal", "/tickets/drafts/{draft}/removal/", {"teacher"}),
]

SCHOOLS = [
    page("schools", "/schools/", EVERYBODY),
    form("schools-export", "/schools/export/", {200: EVERYBODY}),
    page("school", "/schools/100001/", SEE_BRECHT),
    page("school", "/schools/100004/", CITY_WIDE),
    page("school", "/schools/999999/", {404: EVERYBODY}),
    page("rooms", "/schools/100001/rooms/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    form("rooms", "/schools/100001/rooms/", {302: KEEP_BRECHT, 403: SEE_BRECHT}, name="C 301"),
    form("rooms-export", "/schools/100001/rooms/export/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    page("room", "/schools/100001/rooms/{room}/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    form("room", "/schools/100001/rooms/{room}/", {302: KEEP_BRECHT, 403: SEE_BRECHT}, name="A 205"),
    page("room", "/schools/100001/rooms/{kant_room}/", {403: SEE_BRECHT - KEEP_BRECHT}),
    form("room", "/schools/100001/rooms/{kant_room}/", {403: SEE_BRECHT - KEEP_BRECHT}, name="A 205"),
    form("room-use", "/schools/100001/rooms/{room}/use/", {302: KEEP_BRECHT, 403: SEE_BRECHT}, active="no"),
    form("room-use", "/schools/100001/rooms/{kant_room}/use/", {403: SEE_BRECHT - KEEP_BRECHT}, active="no"),
    page("contacts", "/schools/100001/contacts/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    form("contacts", "/schools/100001/contacts/", {302: KEEP_BRECHT, 403: SEE_BRECHT}, name="Büro", phone="0231 1"),
    form("contacts-export", "/schools/100001/contacts/export/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    page("contact", "/schools/100001/contacts/{contact}/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    form("contact", "/schools/100001/contacts/{contact}/", {422: KEEP_BRECHT, 403: SEE_BRECHT}),
    page("contact-removal", "/schools/100001/contacts/{contact}/removal/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    form("contact-removal", "/schools/100001/contacts/{contact}/removal/", {302: KEEP_BRECHT, 403: SEE_BRECHT}),
    page("school-access", "/schools/100001/access/", {200: KEEP_BRECHT, 403: SEE_BRECHT}),
    form("school-access", "/schools/100001/access/", {302: KEEP_BRECHT, 403: SEE_BRECHT}, access_notes="Klingel"),
]

READ_CITY_FIGURES = {"city_reader", "coordinator"}
READ_FIGURES = {"head", *READ_CITY_FIGURES}
FIGURES = [
    page("remarks", "/reports/remarks/", {"coordinator"}, others=403),
    page("overview", "/overview/", {"head"}, others=403),
    page("overview", "/overview/?school=100001", {"head"}, others=403),
    page("overview", "/overview/?school=100003", {404: {"head"}}, others=403),
    page("statistics", "/schools/100001/statistics/", READ_FIGURES),
    page("statistics", "/schools/100001/statistics/?period=2025-2026-2", READ_FIGURES),
    page("statistics", "/schools/100001/statistics/?period=2031-2032", {404: EVERYBODY}),
    page("statistics", "/schools/100003/statistics/", READ_FIGURES - {"head"}),
    page("statistics", "/schools/999999/statistics/", {404: EVERYBODY}),
    form("statistics-export", "/schools/100001/statistics/export/", {200: READ_FIGURES}),
    form("statistics-export", "/schools/100003/statistics/export/", {200: READ_FIGURES - {"head"}}),
    form("statistics-paper", "/schools/100001/statistics/paper/", {200: READ_FIGURES}),
    form("statistics-paper", "/schools/100003/statistics/paper/", {200: READ_FIGURES - {"head"}}),
    page("city", "/reports/", READ_CITY_FIGURES, others=403),
    page("city", "/reports/?period=2025-2026-2&by=form", READ_CITY_FIGURES, others=403),
    page("city", "/reports/?period=2031-2032", {404: READ_CITY_FIGURES}, others=403),
    page("city", "/reports/?by=person", {404: READ_CITY_FIGURES}, others=403),
    form("city-export", "/reports/export/", {200: READ_CITY_FIGURES}, others=403),
    page("city-part", "/reports/parts/campus/kirchlinde/", READ_CITY_FIGURES, others=403),
    page("city-part", "/reports/parts/campus/nowhere/", {404: READ_CITY_FIGURES}, others=403),
    form("city-part-export", "/reports/parts/form/gymnasium/export/", {200: READ_CITY_FIGURES}, others=403),
    page("annual", "/reports/annual/8/", READ_CITY_FIGURES, others=403),
    page("annual", "/reports/annual/10/", {404: READ_CITY_FIGURES}, others=403),
    page("annual-cell", "/reports/annual/14/gymnasium/full/", READ_CITY_FIGURES, others=403),
    page("annual-cell", "/reports/annual/14/change/full/", {404: READ_CITY_FIGURES}, others=403),
    form("annual-export", "/reports/annual/14/export/", {200: READ_CITY_FIGURES}, others=403),
]

A_TEXT = {"title": "Gruß", "kinds": "message", "body": "Guten Tag"}
TEXTS = [
    page("texts", "/texts/", STAFF, others=403),
    form("texts-export", "/texts/export/", {200: STAFF}, others=403),
    page("text-new", "/texts/new/", STAFF, others=403),
    page("text-new", "/texts/new/?from={shared_text}", STAFF, others=403),
    page("text-new", "/texts/new/?from={own_text}", {200: {"manager"}, 404: STAFF}, others=403),
    form("text-new", "/texts/new/", STAFF, others=403, **A_TEXT),
    page("text", "/texts/{own_text}/", {200: {"manager"}, 404: STAFF}, others=403),
    form("text", "/texts/{own_text}/", {302: {"manager"}, 404: STAFF}, others=403, **A_TEXT),
    # Shared ones are seen by all of them and changed in the settings.
    page("text", "/texts/{shared_text}/", {403: EVERYBODY}),
    form("text", "/texts/{shared_text}/", {403: EVERYBODY}, **A_TEXT),
    page("text", "/texts/99999999999999999999/", {404: STAFF}, others=403),
    page("text-removal", "/texts/{own_text}/removal/", {200: {"manager"}, 404: STAFF}, others=403),
    form("text-removal", "/texts/{own_text}/removal/", {302: {"manager"}, 404: STAFF}, others=403),
    form("text-removal", "/texts/{shared_text}/removal/", {403: EVERYBODY}),
    page("texts-anywhere", "/texts/for/?kind=message", STAFF, others=403),
    # Filled in with what a report knows: for those who work on it.
    *[
        page(
            "ticket-texts",
            f"/texts/for/{{{name}}}/?kind=message",
            {200: people & STAFF, 403: people},
        )
        for name, people in SEEN_BY.items()
    ],
]

#: Steering is no secret, but not everybody's: 403. A school one does not see stays 404.
STEER = {"coordinator", "administrator"}
STEERING = [
    page("campuses", "/campuses/", STEER, others=403),
    form("campuses-export", "/campuses/export/", {200: STEER}, others=403),
    page("campus-map", "/campuses/map/", STEER, others=403),
    form("campus-map-export", "/campuses/map/export/", {200: STEER}, others=403),
    page("campus-map", "/campuses/map/?campus=kirchlinde&district=Brackel", STEER, others=403),
    page("responsibility", "/campuses/responsibility/", {"coordinator"}, others=403),
    form("responsibility-export", "/campuses/responsibility/export/", {200: {"coordinator"}}, others=403),
    page("campus", "/campuses/kirchlinde/", STEER, others=403),
    page("campus", "/campuses/nowhere/", {404: STEER}, others=403),
    page("campus-manager", "/campuses/kirchlinde/manager/", STEER, others=403),
    form("campus-manager", "/campuses/kirchlinde/manager/", STEER, others=403, person="-", starts_on="2026-03-09"),
    page("school-campus", "/schools/100001/campus/", {200: STEER, 403: SEE_BRECHT}),
    form("school-campus", "/schools/100001/campus/", {302: STEER, 403: SEE_BRECHT}, campus="asseln"),
    page("absences", "/campuses/absences/", STEER, others=403),
    form("absences-export", "/campuses/absences/export/", {200: STEER}, others=403),
    page("absence-new", "/campuses/absences/new/", STEER, others=403),
    form("absence-new", "/campuses/absences/new/", {422: STEER}, others=403),
    page("absence", "/campuses/absences/{absence}/", STEER, others=403),
    page("absence", "/campuses/absences/0/", {404: STEER}, others=403),
    form("absence-export", "/campuses/absences/{absence}/export/", {200: STEER}, others=403),
    form("absence-export", "/campuses/absences/0/export/", {404: STEER}, others=403),
    form("absence", "/campuses/absences/{absence}/", {422: STEER}, others=403),
    page("absence-days", "/campuses/absences/{absence}/days/", STEER, others=403),
    form("absence-days", "/campuses/absences/{absence}/days/", STEER, others=403, starts_on="2026-07-02"),
    form("absence-end", "/campuses/absences/{absence}/end/", STEER, others=403),
    form("covers-end", "/campuses/absences/{absence}/covers/end/", STEER, others=403, cover="1"),
]

#: Hidden from everybody else: 404.
OPERATIONS = [
    page("operations", "/operations/", {"administrator"}),
    page("operations-live", "/operations/live/", {"administrator"}, out=ASKS_IN_VAIN),
    form("operations-again", "/operations/again/clock/0/", {"administrator"}),
    form("operations-again", "/operations/again/nowhere/0/", {404: {"administrator"}}),
    form("operations-all-again", "/operations/again/", {"administrator"}),
]

LISTS = [
    page("tickets", "/tickets/", EVERYBODY),
    page("tickets", "/tickets/?q=Nachtigall&status=open&school=100001", EVERYBODY),
    form("tickets-export", "/tickets/export/", {200: EVERYBODY}),
    page("queue", "/queue/", HAVE_A_QUEUE, others=403),
    form("queue-export", "/queue/export/", {200: HAVE_A_QUEUE}, others=403),
    page("queue", "/queue/?tab=waiting&school=100001", HAVE_A_QUEUE, others=403),
    page("triage", "/triage/", SECOND_LEVEL, others=403),
    form("triage-export", "/triage/export/", {200: SECOND_LEVEL}, others=403),
    form("triage-live", "/triage/live/?view=inbox", {200: SECOND_LEVEL}, others=403, out=ASKS_IN_VAIN),
    form(
        "triage-live",
        "/triage/live/?view=inbox",
        {200: SECOND_LEVEL},
        others=403,
        out=ASKS_IN_VAIN,
        ticket="{escalated_confidential}",
    ),
    page("triage", "/triage/?view=returned&q=Kormoran", SECOND_LEVEL, others=403),
    page("triage", "/triage/?ticket={escalated}", {200: SECOND_LEVEL}, others=403),
    page("triage", "/triage/?ticket={escalated_confidential}", {200: {"specialist"}, 404: SECOND_LEVEL}, others=403),
    page("triage", "/triage/?ticket={ordinary}", {404: SECOND_LEVEL}, others=403),
    page("queue-live", "/queue/live/?tab=todo", HAVE_A_QUEUE, others=403, out=ASKS_IN_VAIN),
    page("calls", "/calls/", {"helpdesk"}, others=403),
    page("calls", "/calls/?school=100001", {"helpdesk"}, others=403),
    form("calls", "/calls/", {422: {"helpdesk"}}, others=403),
    form(
        "calls",
        "/calls/",
        {"helpdesk"},
        others=403,
        school="100001",
        caller_name="Vera Vertretung",
        category="display",
        urgency="hampered",
    ),
    page("calls-found", "/calls/found/?wanted=brecht", {"helpdesk"}, others=403),
    form("calls-beside", "/calls/beside/", {200: {"helpdesk"}}, others=403, school="100001"),
    form(
        "calls-counted",
        "/calls/counted/",
        {"helpdesk"},
        others=403,
        school="100001",
        caller_name="Vera Vertretung",
        into="{ordinary}",
    ),
    form("calls-counted", "/calls/counted/", {404: {"helpdesk"}}, others=403, school="100001", into="{confidential}"),
    page("call-done", "/calls/{ordinary}/", {"helpdesk"}, others=403),
    page("call-done", "/calls/{confidential}/", {404: {"helpdesk"}}, others=403),
    page("report", "/tickets/new/", EVERYBODY),
    # What is open already is told while one types; nobody is ever led away from the form by it.
    form(
        "similar",
        "/tickets/similar/",
        {200: REPORT_AT_BRECHT, 204: EVERYBODY},
        out=204,
        school="100001",
        category="display",
    ),
    form("similar", "/tickets/similar/", {204: EVERYBODY}, out=204, school="999999"),
    page("report", "/tickets/new/?school=100001", REPORT_AT_BRECHT),
    form(
        "report",
        "/tickets/new/",
        REPORT_AT_BRECHT,
        others=422,
        school="100001",
        category="display",
        urgency="hampered",
        room="{room}",
    ),
]


def of_each_ticket(make, route, pattern):
    return [make(route, pattern.format(ticket=f"{{{name}}}"), people) for name, people in SEEN_BY.items()]


#: A fault the school knows of is joined by those who teach there; who works on it, or reported it, does not join it.
JOIN = {302: {"colleague", "contact"}, 403: SEEN_BY["ordinary"]}
#: At the second level the team merges; the network team has the escalated one.
MERGE = {200: {"manager", "helpdesk", "specialist"}, 403: SEEN_BY["escalated"]}
TICKETS = [
    form("ticket-join", "/tickets/{ordinary}/join/", JOIN),
    form("ticket-leave", "/tickets/{ordinary}/leave/", JOIN),
    form("ticket-join", "/tickets/{confidential}/join/", {403: SEEN_BY["confidential"]}),
    form("ticket-leave", "/tickets/{confidential}/leave/", {403: SEEN_BY["confidential"]}),
    page("ticket-join", "/tickets/{ordinary}/join/", {405: EVERYBODY}),
    page("ticket-merge", "/tickets/{ordinary}/merge/", {200: {"manager", "helpdesk"}, 403: SEEN_BY["ordinary"]}),
    page("ticket-merge", "/tickets/{escalated}/merge/", MERGE),
    # What is out of sight, elsewhere or confidential is no target, whoever asks.
    *[
        page(
            "ticket-merge",
            f"/tickets/{{ordinary}}/merge/?into={{{name}}}",
            {403: SEEN_BY["ordinary"] - {"manager", "helpdesk"}, 404: EVERYBODY},
        )
        for name in ("ordinary", "confidential", "elsewhere", "escalated_confidential", "unattended")
    ],
    *[
        form(
            "ticket-merge",
            "/tickets/{ordinary}/merge/",
            {422: {"manager", "helpdesk"}, 403: SEEN_BY["ordinary"]},
            into=f"{{{name}}}",
        )
        for name in ("ordinary", "confidential", "elsewhere", "escalated_confidential", "unattended")
    ],
    form(
        "ticket-merge",
        "/tickets/{ordinary}/merge/",
        {302: {"manager", "helpdesk"}, 403: SEEN_BY["ordinary"]},
        into="{escalated}",
    ),
    form(
        "ticket-merge",
        "/tickets/{escalated}/merge/",
        {302: {"manager", "helpdesk"}, 422: {"specialist"}, 403: SEEN_BY["escalated"]},
        into="{ordinary}",
    ),
    form("ticket-merge", "/tickets/{confidential}/merge/", {422: {"manager"}, 403: {"teacher"}}, into="{ordinary}"),
    *of_each_ticket(page, "ticket", "/tickets/{ticket}/"),
    page("ticket", "/tickets/DO-2026-0/", {404: EVERYBODY}),
    *of_each_ticket(page, "ticket-clocks", "/tickets/{ticket}/clocks/"),
    *[
        form("ticket-clocks-export", f"/tickets/{{{name}}}/clocks/export/", {200: people})
        for name, people in SEEN_BY.items()
    ],
    # The question how well one was helped is put to the reporter, once there is a solution.
    *[page("ticket-rating", f"/tickets/{{{name}}}/rating/", {302: people}) for name, people in SEEN_BY.items()],
    *[
        make(*address, {409: SEEN_BY[name] & reporter, 403: SEEN_BY[name]}, value="good")
        for name, reporter in (("ordinary", {"teacher"}), ("confidential", {"teacher"}), ("escalated", {"colleague"}))
        for make, *address in (
            (form, "ticket-rating", f"/tickets/{{{name}}}/rating/"),
            (call, "rate", f"tickets/{{{name}}}/rate/"),
        )
    ],
    *[page("photo", f"/tickets/{{{name}}}/photos/{{{name}_photo}}/", people) for name, people in SEEN_BY.items()],
    # The photo of a hidden ticket does not come out through the number of another one.
    page("photo", "/tickets/{ordinary}/photos/{confidential_photo}/", {404: EVERYBODY}),
    *[
        form("ticket-comment", f"/tickets/{{{name}}}/comment/", people, text="Danke!")
        for name, people in SEEN_BY.items()
    ],
    *[
        form("ticket-live", f"/tickets/{{{name}}}/live/", {200: people}, out=ASKS_IN_VAIN)
        for name, people in SEEN_BY.items()
    ],
    form(
        "ticket-comment",
        "/tickets/{ordinary}/comment/",
        {302: {"manager", "helpdesk"}, 403: SEEN_BY["ordinary"]},
        text="Nur unter uns",
        internal="on",
    ),
]

#: Each step at a new ticket of the school: who may, who sees it and may not (403), for whom it is too early (409).
AT_A_NEW_TICKET = {
    "accept": ({302: {"manager", "helpdesk"}}, {}),
    "release": ({}, {}),
    "assign": ({422: {"manager", "helpdesk"}}, {}),
    "classify": ({302: {"manager", "helpdesk"}}, {"category": "network", "impact": "class", "urgency": "blocked"}),
    "ask": ({302: {"manager", "helpdesk"}}, {"text": "Welcher Raum?"}),
    "answer": ({409: {"teacher", "contact", "helpdesk"}}, {"text": "A 204"}),
    "wait": ({302: {"manager"}}, {"party": "DOKOM21", "until": "2026-03-05"}),
    "resume": ({409: {"manager"}}, {}),
    "resolve": ({302: {"manager", "helpdesk"}}, {"solution": "Neu gestartet", "cause": "restart"}),
    "confirm": ({409: {"teacher"}}, {}),
    "reopen": ({409: {"teacher", "manager", "helpdesk"}}, {}),
    "close": ({302: {"manager", "helpdesk"}}, {"reason": "Doppelt"}),
    "withdraw": ({302: {"teacher"}}, {}),
    "restrict": ({302: {"teacher", "manager", "helpdesk"}}, {}),
}
#: Each step of the second level at a ticket its network team has; the first level, the school and other teams see it.
AT_THE_SECOND_LEVEL = {
    "accept-escalation": {},
    "transfer": {"team": "tablets", "reason": "Am Gerät"},
    "return": {"text": "Bitte das Kabel tauschen"},
}
IN_THE_API = {302: 200}
#: Where the API is asked or answers otherwise: the helpdesk that hides a ticket no longer sees it itself.
API_ANSWERS = {"restrict": {204: {"helpdesk"}}}
API_BODIES = {"restrict": {"confidential": True}}
UNKNOWN_STEPS = ["explode"]  # one that never will come

STEPS = (
    [
        door
        for step, body in AT_THE_SECOND_LEVEL.items()
        for door in (
            form(
                "ticket-step",
                f"/tickets/{{escalated}}/{step}/",
                {302: {"specialist"}, 403: SEEN_BY["escalated"]},
                **body,
            ),
            page("ticket-step", f"/tickets/{{escalated}}/{step}/", {200: {"specialist"}, 403: SEEN_BY["escalated"]}),
            page("ticket-step", f"/tickets/{{ordinary}}/{step}/", {403: SEEN_BY["ordinary"]}),
            call(step, f"tickets/{{escalated}}/{step}/", {200: {"specialist"}, 403: SEEN_BY["escalated"]}, **body),
            call(step, f"tickets/{{ordinary}}/{step}/", {403: SEEN_BY["ordinary"]}, **body),
        )
    ]
    + [
        door
        for step, (answers, body) in AT_A_NEW_TICKET.items()
        for door in (
            form("ticket-step", f"/tickets/{{ordinary}}/{step}/", {**answers, 403: SEEN_BY["ordinary"]}, **body),
            form("ticket-step", f"/tickets/{{confidential}}/{step}/", {0: SEEN_BY["confidential"]}, **body),
            # The form of a step: to those who may take it now.
            page(
                "ticket-step",
                f"/tickets/{{ordinary}}/{step}/",
                {
                    **{200 if status != 409 else 409: people for status, people in answers.items()},
                    403: SEEN_BY["ordinary"],
                },
            ),
            call(
                step,
                f"tickets/{{ordinary}}/{step}/",
                {
                    **API_ANSWERS.get(step, {}),
                    **{IN_THE_API.get(status, status): people for status, people in answers.items()},
                    403: SEEN_BY["ordinary"],
                },
                **API_BODIES.get(step, body),
            ),
        )
    ]
    + [
        door
        for step in UNKNOWN_STEPS
        for door in (
            page("ticket-step", f"/tickets/{{ordinary}}/{step}/", {404: EVERYBODY}),
            form("ticket-step", f"/tickets/{{ordinary}}/{step}/", {404: EVERYBODY}),
            call("nowhere", f"tickets/{{ordinary}}/{step}/", {404: EVERYBODY}, out=404),
        )
    ]
)

#: Handing over has a page of its own; sent empty, every gap is named to those who may.
TO_BE_HANDED_OVER_BY = {"ordinary": {"manager", "helpdesk"}, "confidential": {"manager"}}
HANDING_OVER = [
    door
    for name, people in TO_BE_HANDED_OVER_BY.items()
    for door in (
        page("ticket-escalate", f"/tickets/{{{name}}}/escalate/", {200: people, 403: SEEN_BY[name]}),
        form("ticket-escalate", f"/tickets/{{{name}}}/escalate/", {422: people, 403: SEEN_BY[name]}),
        form("ticket-escalate", f"/tickets/{{{name}}}/escalate/", {302: people, 403: SEEN_BY[name]}, keep="1"),
        call("escalate", f"tickets/{{{name}}}/escalate/", {422: people, 403: SEEN_BY[name]}),
    )
]

#: What is one fault becomes one: colleagues who only know of it join; who has reported it or works on it does not.
BRINGING_TOGETHER = [
    call("merge", "tickets/{ordinary}/merge/", {200: FIRST_LEVEL, 403: SEEN_BY["ordinary"]}, into="{escalated}"),
    call("merge", "tickets/{ordinary}/merge/", {422: FIRST_LEVEL, 403: SEEN_BY["ordinary"]}, into="{elsewhere}"),
    call("join", "tickets/{ordinary}/join/", {200: {"colleague", "contact"}, 403: KNOWN_BY["ordinary"]}),
    call("join", "tickets/{confidential}/join/", {403: SEEN_BY["confidential"]}),
    call("leave", "tickets/{ordinary}/leave/", {200: {"contact"}, 204: {"colleague"}, 403: KNOWN_BY["ordinary"]}),
    read("known-faults", "known-faults/", EVERYBODY),
    read("known-faults", "known-faults/?school=100001&category=display", {200: SEE_BRECHT}, others=400),
]

API = [
    *BRINGING_TOGETHER,
    read("campuses", "campuses/", EVERYBODY),
    read("schools", "schools/", EVERYBODY),
    read("school", "schools/100001/", SEE_BRECHT),
    read("rooms", "rooms/", EVERYBODY),
    read("rooms", "rooms/?school=100001", {200: SEE_BRECHT}, others=400),
    read("people", "people/", EVERYBODY),
    read("categories", "categories/", EVERYBODY),
    read("tickets", "tickets/", EVERYBODY),
    call(
        "tickets",
        "tickets/",
        {201: REPORT_AT_BRECHT, 403: SEE_BRECHT},
        others=422,
        school="100001",
        category="display",
    ),
    *of_each_ticket(read, "ticket", "tickets/{ticket}/"),
    *of_each_ticket(read, "events", "tickets/{ticket}/events/"),
    *of_each_ticket(read, "attachments", "tickets/{ticket}/attachments/"),
    *[
        read("attachment", f"tickets/{{{name}}}/attachments/{{{name}_photo}}/", people)
        for name, people in SEEN_BY.items()
    ],
    read("attachment", "tickets/{ordinary}/attachments/{confidential_photo}/", {404: EVERYBODY}),
    *[
        call("comment", f"tickets/{{{name}}}/comment/", {200: people}, text="Danke!")
        for name, people in SEEN_BY.items()
    ],
]

DOORS = [
    *PUBLIC,
    *OWN,
    *SCHOOLS,
    *FIGURES,
    *TEXTS,
    *STEERING,
    *OPERATIONS,
    *LISTS,
    *TICKETS,
    *STEPS,
    *HANDING_OVER,
    *API,
]
