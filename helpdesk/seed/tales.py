"""What was reported at Kirchlinde and Asseln: there is always something due, late, asked and solved.

Times are minutes of service time before the moment of seeding; a service day has 510 of them. A step is a method of
`play.Course` with what it needs.
"""

from dataclasses import dataclass, field

from helpdesk.seed.people import BRECHT, KANT, WESTRICHER, WIDEY

DROSTE, HANGENEY = "162863", "129690"
BACH, HELLWEG, MAX_BORN, STEINBRINK = "129616", "130011", "162887", "129963"
DAY = 510
ANYBODY = ""  # a teacher of the school


@dataclass(frozen=True)
class Tale:
    """One report: where, by whom, in which words, and when it was made; then the steps it took."""

    school: str
    reporter: str
    words: str
    ago: float
    steps: tuple[tuple, ...] = ()
    room: str | None = None
    facts: dict = field(default_factory=dict)
    by: str = ""
    picture: str = ""
    merged_into: str = ""  # the first words of the report it ends in


def step(ago: float, name: str, *words) -> tuple:
    return ago, name, words


STILL = {"urgency": "blocked"}
CAN_WAIT = {"urgency": "can_wait"}

KIRCHLINDE = (
    Tale(BRECHT, "lehrkraft", "Kein Bild auf der digitalen Tafel", 100, room="A 204", facts=STILL),
    Tale(BRECHT, "lehrkraft2", "AppleTV wird auf meinem iPad nicht angezeigt", 60, room="A 204", facts=CAN_WAIT),
    Tale(
        WIDEY,
        "zwei-schulen",
        "WLAN in der ganzen oberen Etage weg",
        95,
        (
            step(78, "take"),
            step(70, "tell", "Ich bin um die Mittagszeit im Haus und prüfe den Verteiler im Obergeschoss."),
        ),
        room="Obergeschoss",
        facts={"impact": "school", **STILL},
    ),
    Tale(HANGENEY, ANYBODY, "iPad lädt nicht mehr, egal an welchem Kabel", DAY + 50),
    Tale(
        WESTRICHER,
        "zwei-schulen",
        "Drucker im Lehrerzimmer druckt nicht",
        3 * DAY + 170,
        (
            step(3 * DAY, "take"),
            step(2 * DAY, "note", "Einzugsrolle abgenutzt, Ersatz ist bestellt."),
            step(DAY, "tell", "Das Ersatzteil kommt diese Woche. Drucken geht solange im Sekretariat."),
        ),
        room="Lehrkräftezimmer",
    ),
    Tale(
        DROSTE,
        ANYBODY,
        "Touch reagiert überhaupt nicht mehr",
        3 * DAY - 140,
        (step(3 * DAY - 260, "take"), step(300, "note", "Display neu gestartet, Touch geht nur nach Kaltstart.")),
    ),
    Tale(
        BRECHT,
        "lehrkraft",
        "Spiegeln klappt, aber nach 2 Minuten",
        2 * DAY,
        (
            step(2 * DAY - 60, "take"),
            step(DAY + 200, "ask", "Ist Ihr iPad dabei im Netz für Lehrkräfte oder im Gäste-WLAN?"),
        ),
        room="B 112",
    ),
    Tale(
        DROSTE,
        ANYBODY,
        "Schlüssel vom iPad-Koffer abgebrochen",
        3 * DAY,
        (
            step(3 * DAY - 30, "take"),
            step(2 * DAY, "wait", "Hersteller des Ladekoffers", 9, "Schließnummer Demo-4711"),
        ),
        facts=CAN_WAIT,
    ),
    Tale(
        BRECHT,
        "lehrkraft2",
        "Im Computerraum haben alle PCs kein Netz",
        DAY,
        (
            step(DAY - 40, "take"),
            step(
                55,
                "hand_over",
                "Geprüft: Strom am Switch, Patchkabel, zweiter Rechner. Der Switch piept, LED 5 rot. "
                "Raum ist ab 14 Uhr frei, Schlüssel in der Hausmeisterei.",
            ),
        ),
        room="Computerraum 1",
        picture="blinking_switch",
    ),
    Tale(
        HANGENEY,
        ANYBODY,
        "App fehlt auf allen Geräten der 4a",
        2 * DAY,
        (
            step(2 * DAY - 100, "take"),
            step(DAY + 300, "hand_over", "Gruppenzuordnung geprüft, in der Verwaltung fehlt die Klasse 4a."),
            step(DAY, "take_over"),
            step(200, "tell", "Die Gruppe ist angelegt, die App wird über Nacht verteilt."),
        ),
    ),
    Tale(
        BRECHT,
        "lehrkraft",
        "Papierstau, habe schon alles aufgemacht",
        2 * DAY + 200,
        (step(2 * DAY, "take"), step(DAY - 100, "solve")),
        room="Lehrkräftezimmer",
    ),
    Tale(
        WIDEY,
        ANYBODY,
        "Ton kommt nicht aus der Tafel",
        4 * DAY,
        (
            step(4 * DAY - 90, "take"),
            step(3 * DAY, "solve"),
            step(260, "reopen", "Heute früh wieder nur ganz leise."),
        ),
    ),
    Tale(
        BRECHT,
        "lehrkraft2",
        "Ich glaube jemand hat sich mit meinem Konto angemeldet",
        DAY,
        (
            step(DAY - 25, "take"),
            step(DAY - 40 + 1, "tell", "Bitte ändern Sie sofort das Passwort. Ich beende die fremden Sitzungen."),
        ),
    ),
    Tale(
        BRECHT,
        "lehrkraft2",
        "Jemand hat einen Ball gegen die Tafel geworfen",
        230,
        (step(200, "take"), step(190, "tell", "Bitte das Gerät ausschalten und den Bereich freihalten.")),
        room="A 105",
        picture="cracked_board",
    ),
    Tale(
        BRECHT,
        "lehrkraft",
        "Bitte die kostenpflichtige Mathe-App",
        DAY + 100,
        facts=CAN_WAIT,
        by="ansprechperson",
    ),
    Tale(
        BRECHT,
        "lehrkraft",
        "Das Update hängt seit gestern",
        6 * DAY,
        (step(6 * DAY - 60, "withdraw", "Hat sich erledigt, über Nacht durchgelaufen."),),
    ),
    Tale(
        BRECHT,
        "lehrkraft",
        "Der Stift schreibt ca. 5 cm neben",
        9 * DAY,
        (step(9 * DAY - 45, "take"), step(8 * DAY, "solve"), step(8 * DAY - 100, "confirm")),
        room="A 204",
    ),
    Tale(
        BRECHT,
        "lehrkraft2",
        "Tafel im Klassenraum 1b ist komplett eingefroren",
        17 * DAY,
        (
            step(17 * DAY - 90, "take"),
            step(16 * DAY, "hand_over", "Kaltstart ohne Erfolg, Firmware 4.2. Raum ist ab 14 Uhr frei."),
            step(15 * DAY, "take_over"),
            step(13 * DAY, "solve"),
            step(12 * DAY, "confirm"),
        ),
        room="A 204",
    ),
    Tale(
        BRECHT,
        "schulleitung",
        "Sobald alle 28 Kinder gleichzeitig",
        4 * DAY,
        (
            step(4 * DAY - 50, "take"),
            step(3 * DAY, "hand_over", "Messung im Raum gemacht: 31 Geräte an einem Access Point."),
            step(2 * DAY, "take_over"),
            step(2 * DAY - 60, "note", "Zweiter Access Point ist freigegeben, Montage mit der Koordination klären."),
        ),
        room="A 203",
    ),
)

ASSELN = (
    Tale(KANT, "lehrkraft-asseln", "Beamer geht nach ca. 5 min immer wieder", 95, facts=STILL),
    Tale(KANT, "lehrkraft-asseln", "Vom iPad aus findet man keinen Drucker", 2 * DAY, (step(2 * DAY - 70, "take"),)),
    Tale(
        KANT,
        "lehrkraft-asseln",
        "Die Dokumentenkamera zeigt kein Bild",
        3 * DAY,
        (step(3 * DAY - 120, "take"), step(DAY, "solve")),
    ),
    Tale(
        KANT,
        "lehrkraft-asseln",
        "IServ App sagt Benutzername oder Passwort ungültig",
        DAY + 200,
        (step(DAY + 100, "take"), step(DAY, "ask", "Wurde das Passwort zuletzt am PC oder am iPad geändert?")),
    ),
    Tale(HELLWEG, ANYBODY, "Ladekoffer lädt nur die untere Reihe", DAY + 30),
    Tale(MAX_BORN, ANYBODY, "Drucker im Lehrerzimmer druckt nicht", 140, (step(110, "take"),)),
    Tale(MAX_BORN, ANYBODY, "Papierstau, habe schon alles", 120, merged_into="Drucker im Lehrerzimmer druckt nicht"),
    Tale(
        BACH,
        ANYBODY,
        "Unser IServ ist gar nicht erreichbar",
        170,
        (
            step(160, "take"),
            step(150, "hand_over", "Von außen und von innen geprüft, keine Antwort. Betrifft die ganze Schule."),
        ),
        facts={"impact": "school", **STILL},
    ),
    Tale(
        STEINBRINK,
        ANYBODY,
        "Es fehlen 7 Netzteile",
        4 * DAY,
        (step(4 * DAY - 80, "take"), step(3 * DAY, "wait", "Lieferung Ersatzgeräte", 12, "Demo-2041")),
        facts=CAN_WAIT,
    ),
    Tale(
        KANT,
        "lehrkraft-asseln",
        "Ich habe wohl auf eine komische Mail geklickt",
        6 * DAY,
        (
            step(6 * DAY - 5, "take"),
            step(
                6 * DAY - 8, "tell", "Bitte ändern Sie das Passwort sofort am PC und öffnen Sie die Mail nicht mehr."
            ),
            step(5 * DAY, "solve"),
            step(5 * DAY - 200, "confirm"),
        ),
    ),
    Tale(
        MAX_BORN,
        ANYBODY,
        "Auf dem Rechner im Lehrerzimmer erscheint eine Warnung",
        2 * DAY,
        (
            step(2 * DAY - 8, "take"),
            step(2 * DAY - 20, "hand_over", "Rechner ist vom Netz getrennt und eingeschaltet."),
            step(2 * DAY - 60, "take_over"),
        ),
    ),
    Tale(
        HELLWEG,
        ANYBODY,
        "Bei 4 iPads aus dem Koffer B wölbt sich",
        3 * DAY + 100,
        (step(3 * DAY, "take"), step(2 * DAY + 50, "tell", "Die Geräte werden abgeholt. Bitte nicht laden.")),
    ),
)
TALES = (*KIRCHLINDE, *ASSELN)
