"""A first checklist for every category: what is looked at on site before the Systemhaus is asked.

Statements, answered by yes, no or not possible; drawn from what schools report and what helps at first.
"""

from django.db import migrations

OTHER_DEVICE = (
    "other_device",
    "Anderes Gerät im selben Raum geprüft: gleicher Fehler",
    "Checked another device in the same room: same fault",
)
RESTARTED = ("restarted", "Gerät ganz ausgeschaltet und neu gestartet", "Switched off completely and started again")

# category: key, German, English
CHECKLISTS = {
    "network": [
        ("power", "Strom am Access Point oder Switch vorhanden", "The access point or switch has power"),
        OTHER_DEVICE,
        ("other_room", "Andere Räume oder Etagen ebenfalls betroffen", "Other rooms or floors are affected too"),
        (
            "cable",
            "Mit Netzwerkkabel an einer anderen Dose geprüft: gleicher Fehler",
            "Checked with a cable at another socket: same fault",
        ),
        (
            "reconnected",
            "WLAN am Gerät aus- und eingeschaltet, Gerät neu gestartet",
            "WLAN of the device switched off and on, device restarted",
        ),
        (
            "other_pages",
            "Andere Internetseiten und Dienste lassen sich öffnen",
            "Other websites and services can be opened",
        ),
    ],
    "display": [
        ("power", "Strom vorhanden, Leuchte am Gerät an", "It has power, the light at the device is on"),
        ("source", "Richtige Eingangsquelle gewählt", "The right input source is chosen"),
        (
            "cable",
            "Kabel an beiden Enden neu gesteckt und getauscht",
            "The cable was replugged at both ends and exchanged",
        ),
        (
            "other_source",
            "Andere Quelle am selben Gerät geprüft: gleicher Fehler",
            "Checked another source at the same device: same fault",
        ),
        ("restarted", "Gerät 30 Sekunden vom Strom genommen", "Disconnected from power for 30 seconds"),
        (
            "intact",
            "Scheibe, Halterung und Hubsäule unbeschädigt",
            "Screen, bracket and lifting column are undamaged",
        ),
    ],
    "tablet": [
        ("charged", "Mit anderem Kabel und Netzteil geladen", "Charged with another cable and plug"),
        ("restarted", "Neustart erzwungen", "Restart was forced"),
        ("online", "Tablet ist im Schul-WLAN online", "The tablet is online in the school's WLAN"),
        ("storage", "Speicherplatz frei, keine Updates offen", "Storage is free, no updates are waiting"),
        (
            "managed",
            "Tablet erscheint in der Geräteverwaltung bei dieser Schule",
            "The device management lists the tablet at this school",
        ),
        ("intact", "Gehäuse und Display unbeschädigt, Akku nicht gewölbt", "Case and screen undamaged, no bulge"),
    ],
    "computer": [
        ("power", "Strom vorhanden, Leuchte am Gerät an", "It has power, the light at the device is on"),
        RESTARTED,
        (
            "screen",
            "Anderer Bildschirm und anderes Kabel geprüft: gleicher Fehler",
            "Checked another screen and another cable: same fault",
        ),
        ("network", "Netzwerkverbindung vorhanden", "There is a network connection"),
        (
            "other_account",
            "Anmeldung mit anderem Konto geprüft: gleicher Fehler",
            "Checked signing in with another account: same fault",
        ),
        ("other_computer", "Weitere Rechner im Raum betroffen", "Other computers in the room are affected"),
    ],
    "account": [
        ("identity", "Identität der betroffenen Person geprüft", "The identity of the person was checked"),
        ("spelling", "Benutzername und Schreibweise geprüft", "User name and spelling were checked"),
        (
            "other_device",
            "Im Browser eines anderen Geräts geprüft: gleicher Fehler",
            "Checked in the browser of another device: same fault",
        ),
        (
            "reset",
            "Passwort durch die Schul-Administration neu gesetzt",
            "The school's administration has set a new password",
        ),
        ("exists", "Konto vorhanden und nicht gesperrt", "The account exists and is not blocked"),
        ("others", "Weitere Personen betroffen", "Other people are affected"),
    ],
    "printer": [
        ("power", "Drucker eingeschaltet, Anzeige ohne Fehlermeldung", "Switched on, no error on its display"),
        ("supplies", "Papier und Toner vorhanden, kein Papierstau", "Paper and toner are there, no paper jam"),
        ("test_page", "Testseite am Gerät gedruckt", "A test page was printed at the device"),
        ("queue", "Warteschlange geleert, Drucker neu gestartet", "The queue was emptied, the printer restarted"),
        ("network", "Drucker mit dem Netzwerk verbunden", "The printer is connected to the network"),
        (
            "other_device",
            "Von einem anderen Gerät gedruckt: gleicher Fehler",
            "Printed from another device: same fault",
        ),
    ],
    "software": [
        ("restarted", "App geschlossen und Gerät neu gestartet", "The app was closed and the device restarted"),
        (
            "reinstalled",
            "App entfernt und über Self Service neu geladen",
            "The app was removed and loaded again from Self Service",
        ),
        ("storage", "Speicherplatz frei und WLAN vorhanden", "Storage is free and there is WLAN"),
        (
            "other_device",
            "Auf einem anderen Gerät geprüft: gleicher Fehler",
            "Checked on another device: same fault",
        ),
        ("licence", "Lizenz für die betroffene Gruppe vorhanden", "There is a licence for the group"),
        (
            "provider",
            "Störungsseite des Anbieters geprüft: keine Störung",
            "Checked the provider's status page: no fault",
        ),
    ],
    "iserv": [
        ("outside", "Von außerhalb der Schule erreichbar", "It can be reached from outside the school"),
        (
            "other_device",
            "An einem anderen Gerät in der Schule geprüft: gleicher Fehler",
            "Checked on another device in the school: same fault",
        ),
        ("browser", "In einem anderen Browser geprüft: gleicher Fehler", "Checked in another browser: same fault"),
        ("others", "Weitere Personen oder Gruppen betroffen", "Other people or groups are affected"),
        (
            "rights",
            "Rechte und Gruppen durch die Schul-Administration geprüft",
            "The school's administration has checked rights and groups",
        ),
        ("storage", "Speicherplatz des Kontos reicht aus", "The account has enough storage"),
    ],
    "digital-tools": [
        ("power", "Akku geladen oder Strom vorhanden", "Its battery is charged or it has power"),
        RESTARTED,
        ("paired", "Neu mit App oder Rechner gekoppelt", "Paired with the app or the computer again"),
        (
            "other_device",
            "Mit anderem Tablet oder Rechner geprüft: gleicher Fehler",
            "Checked with another tablet or computer: same fault",
        ),
        ("cleaned", "Sensoren, Düse und Anschlüsse gereinigt", "Sensors, nozzle and sockets were cleaned"),
        ("intact", "Zubehör vollständig und unbeschädigt", "Accessories are complete and undamaged"),
    ],
    "device-incident": [
        ("secured", "Gerät oder Raum gesichert", "The device or the room is secured"),
        (
            "numbers",
            "Inventar- oder Seriennummern aller Geräte notiert",
            "Inventory or serial numbers of all devices are noted",
        ),
        ("photos", "Fotos vom Schaden oder vom Ort gemacht", "Photos of the damage or the place were taken"),
        (
            "police",
            "Polizei eingeschaltet und Aktenzeichen notiert",
            "The police was called and the reference noted",
        ),
        ("searched", "Nachbarräume und Fundstellen abgesucht", "Rooms nearby and lost property were searched"),
        ("replaced", "Ersatzgerät ausgegeben", "A replacement was handed out"),
    ],
    "security": [
        (
            "offline",
            "Gerät vom Netz genommen und eingeschaltet gelassen",
            "The device was taken off the network and left on",
        ),
        (
            "entered",
            "Zugangsdaten oder persönliche Daten wurden eingegeben",
            "Passwords or personal data were entered",
        ),
        (
            "password",
            "Passwort an einem anderen Gerät geändert",
            "The password was changed on another device",
        ),
        ("sessions", "Fremde Sitzungen beendet", "Foreign sessions were ended"),
        ("evidence", "Nachricht oder Bildschirm als Beleg gesichert", "The message or the screen is kept as evidence"),
        ("others", "Weitere Personen betroffen", "Other people are affected"),
    ],
    "advice": [
        ("goal", "Ziel, Fach und Klassenstufe geklärt", "Aim, subject and grade are clear"),
        ("date", "Termin des Einsatzes bekannt", "The date of the lesson is known"),
        ("equipment", "Geräte und Räume an der Schule vorhanden", "Devices and rooms are there at the school"),
        (
            "guides",
            "Vorhandene Anleitungen und Fortbildungen genutzt",
            "Existing guides and trainings were used",
        ),
    ],
    "other": [
        ("reproduced", "Fehler vor Ort nachgestellt", "The fault was reproduced on site"),
        ("message", "Wortlaut der Fehlermeldung notiert", "The words of the error message are noted"),
        RESTARTED,
        OTHER_DEVICE,
        ("others", "Weitere Personen oder Räume betroffen", "Other people or rooms are affected"),
    ],
}


def create(apps, schema_editor):
    category, checklist = (apps.get_model("tickets", name) for name in ("Category", "Checklist"))
    for row in category.objects.filter(slug__in=CHECKLISTS):
        first = checklist.objects.create(category=row, version=1)
        for place, (key, german, english) in enumerate(CHECKLISTS[row.slug], start=1):
            first.items.create(key=key, text_de=german, text_en=english, order=place * 10)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_second_level")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
