"""The categories of the glossary with their tips, and the default promises."""

from django.db import migrations

NETWORK_TIPS = (
    "WLAN am Gerät aus- und wieder einschalten.\n"
    "Ein zweites Gerät im selben Raum testen.\n"
    "Flugmodus prüfen und das Gerät neu starten.",
    "Switch the WLAN of the device off and on again.\n"
    "Try a second device in the same room.\n"
    "Check flight mode and restart the device.",
)
DISPLAY_TIPS = (
    "Am Gerät die richtige Eingangsquelle wählen.\n"
    "Kabel an beiden Enden neu stecken.\n"
    "Das Gerät 30 Sekunden vom Strom nehmen.",
    "Choose the right input source at the device.\n"
    "Unplug and replug the cable at both ends.\n"
    "Disconnect the device from power for 30 seconds.",
)
TABLET_TIPS = (
    "Das Tablet neu starten.\nLadekabel und Netzteil tauschen.\nSelf Service öffnen und Updates abwarten.",
    "Restart the tablet.\nTry another charging cable and plug.\nOpen Self Service and wait for updates.",
)
COMPUTER_TIPS = (
    "Den Rechner ganz ausschalten und neu starten.\nStrom- und Netzwerkkabel prüfen.",
    "Switch the computer off completely and start it again.\nCheck the power and network cables.",
)
ACCOUNT_TIPS = (
    "Groß- und Kleinschreibung und die Feststelltaste prüfen.\nDie Anmeldung an einem zweiten Gerät versuchen.",
    "Check upper and lower case and the caps lock key.\nTry to sign in on a second device.",
)
PRINTER_TIPS = (
    "Papier, Toner und die Anzeige am Drucker prüfen.\n"
    "Den Drucker aus- und wieder einschalten.\n"
    "Den Auftrag noch einmal senden.",
    "Check paper, toner and the display of the printer.\nSwitch the printer off and on.\nSend the job once more.",
)
SOFTWARE_TIPS = (
    "Die App schließen und neu öffnen.\nIn Self Service nach einem Update sehen.",
    "Close the app and open it again.\nLook for an update in Self Service.",
)
ISERV_TIPS = (
    "Abmelden und neu anmelden.\nIServ in einem anderen Browser öffnen.",
    "Sign out and in again.\nOpen IServ in another browser.",
)
TOOLS_TIPS = (
    "Akku laden oder Batterien tauschen.\nDas Gerät neu mit der App koppeln.",
    "Charge or change the batteries.\nPair the device with the app again.",
)
DEVICE_TIPS = (
    "Bei Diebstahl oder Einbruch zuerst die Polizei rufen.\nBeschädigte Geräte nicht weiter benutzen.",
    "After a theft or a burglary call the police first.\nDo not go on using damaged devices.",
)
SECURITY_TIPS = (
    "Auf keinen Link mehr tippen und nichts eingeben.\nDas Gerät eingeschaltet lassen und vom Netz nehmen.",
    "Do not tap any more links and do not enter anything.\nLeave the device on and take it off the network.",
)
NO_TIPS = ("", "")

# slug, German, English, icon, team, impact, confidential at first, known fault, under, order, tips
CATEGORIES = [
    (
        "network",
        "Internet, WLAN",
        "Internet, WLAN",
        "wifi",
        "network",
        "class",
        False,
        True,
        None,
        NETWORK_TIPS,
    ),
    (
        "display",
        "Bild, Ton, Tafel",
        "Picture, sound, board",
        "tv",
        "presentation",
        "class",
        False,
        True,
        None,
        DISPLAY_TIPS,
    ),
    ("tablet", "Tablet", "Tablet", "tablet_mac", "tablets", "person", False, False, None, TABLET_TIPS),
    (
        "account",
        "Anmeldung, Passwort",
        "Sign-in, password",
        "key",
        "servers",
        "person",
        False,
        False,
        None,
        ACCOUNT_TIPS,
    ),
    (
        "printer",
        "Drucker, Scanner",
        "Printer, scanner",
        "print",
        "workplaces",
        "class",
        False,
        True,
        None,
        PRINTER_TIPS,
    ),
    ("other", "Etwas anderes", "Something else", "help", None, "person", False, False, None, NO_TIPS),
    (
        "computer",
        "Laptop, PC",
        "Laptop, PC",
        "computer",
        "workplaces",
        "person",
        False,
        False,
        "tablet",
        COMPUTER_TIPS,
    ),
    (
        "software",
        "App, Programm",
        "App, program",
        "apps",
        "tablets",
        "person",
        False,
        False,
        "other",
        SOFTWARE_TIPS,
    ),
    (
        "iserv",
        "IServ, Lernplattform",
        "IServ, learning platform",
        "hub",
        "servers",
        "person",
        False,
        True,
        "other",
        ISERV_TIPS,
    ),
    (
        "digital-tools",
        "Roboter, 3D-Drucker, VR",
        "Robots, 3D printers, VR",
        "smart_toy",
        "presentation",
        "person",
        False,
        False,
        "other",
        TOOLS_TIPS,
    ),
    (
        "device-incident",
        "Schaden, Diebstahl, Verlust",
        "Damage, theft, loss",
        "flag",
        "tablets",
        "person",
        False,
        False,
        "other",
        DEVICE_TIPS,
    ),
    (
        "security",
        "Phishing, Sicherheit",
        "Phishing, security",
        "shield",
        "servers",
        "person",
        True,
        False,
        "other",
        SECURITY_TIPS,
    ),
    (
        "advice",
        "Beratung, Unterrichtshilfe",
        "Advice, help in lessons",
        "lightbulb",
        None,
        "person",
        False,
        False,
        "other",
        NO_TIPS,
    ),
]

DAY = 510  # minutes of the service day of 8.5 hours
# priority: first response, resolution, second-level response
TARGETS = {
    "critical": (30, 4 * 60, 60),
    "high": (2 * 60, DAY, 2 * 60),
    "normal": (DAY, 3 * DAY, DAY),
    "low": (2 * DAY, 10 * DAY, 2 * DAY),
}


def create(apps, schema_editor):
    team = {row.slug: row for row in apps.get_model("teams", "Team").objects.all()}
    category = apps.get_model("tickets", "Category")
    rows = {}
    for place, (slug, de, en, icon, team_slug, impact, confidential, known, under, tips) in enumerate(CATEGORIES):
        rows[slug] = category.objects.create(
            slug=slug,
            name_de=de,
            name_en=en,
            icon=icon,
            team=team.get(team_slug),
            default_impact=impact,
            confidential_at_first=confidential,
            is_known_fault=known,
            under=rows.get(under),
            tips_de=tips[0],
            tips_en=tips[1],
            order=(place + 1) * 10,
        )
    policy = apps.get_model("tickets", "SlaPolicy").objects.create(name="Standard", is_default=True)
    target = apps.get_model("tickets", "SlaTarget")
    for priority, (first, solution, second) in TARGETS.items():
        target.objects.create(
            policy=policy,
            priority=priority,
            first_response_minutes=first,
            resolution_minutes=solution,
            second_response_minutes=second,
        )


def remove(apps, schema_editor):
    apps.get_model("tickets", "SlaPolicy").objects.all().delete()
    apps.get_model("tickets", "Category").objects.filter(under__isnull=False).delete()
    apps.get_model("tickets", "Category").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("teams", "0002_the_five_teams")]

    operations = [migrations.RunPython(create, remove)]
