"""What was reported at Asseln, told as in `tales`."""

from helpdesk.seed.people import KANT
from helpdesk.seed.tale import ANYBODY, BACH, CAN_WAIT, DAY, HELLWEG, MAX_BORN, STEINBRINK, STILL, Tale, step

ASSELN = (
    Tale(
        KANT,
        "lehrkraft-asseln",
        "Eine Lernseite wird als gesperrt",
        DAY - 80,
        (
            step(DAY - 120, "take"),
            step(260, "hand_over", "Auf zwei Geräten geprüft, der Filter sperrt die Seite."),
        ),
        facts=CAN_WAIT,
    ),
    Tale(
        HELLWEG,
        ANYBODY,
        "Internet geht in der ganzen Schule nicht",
        110,
        (
            step(104, "join"),
            step(100, "take"),
            step(92, "hand_over", "Router neu gestartet, die Leuchte für die Leitung bleibt rot."),
        ),
        facts={"impact": "school", **STILL},
    ),
    Tale(
        STEINBRINK,
        ANYBODY,
        "Zuhause geht mein Schul-iPad nicht",
        2 * DAY + 40,
        (
            step(2 * DAY, "take"),
            step(DAY - 30, "hand_over", "Netz zu Hause entfernt und neu verbunden."),
        ),
    ),
    Tale(
        HELLWEG,
        ANYBODY,
        "Das Update hängt seit gestern",
        2 * DAY + 20,
        (
            step(2 * DAY - 60, "take"),
            step(DAY + 80, "hand_over", "Speicher geprüft, im WLAN geladen, neu gestartet. Das Update bleibt stehen."),
            step(DAY, "take_over", "systemhaus-ipad"),
            step(180, "solve"),
        ),
    ),
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
            step(158, "join"),
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
