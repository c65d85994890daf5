"""The shared texts that come with the product; an administrator changes them in the settings."""

from django.db import migrations

TEXTS = [
    (
        "Meldung angekommen",
        ["message"],
        "Guten Tag,\n\nIhre Meldung {Nummer} ist angekommen. Ich sehe sie mir an und melde mich bei Ihnen.\n\n"
        "Telefonisch erreichen Sie uns unter {Hotline}.",
    ),
    (
        "Besuch vor Ort",
        ["message"],
        "Guten Tag,\n\nich komme am … um … Uhr vorbei. Es geht um: {Raum}.\n\n"
        "Passt die Zeit nicht, schreiben Sie es mir bitte hier.",
    ),
    (
        "Gerät neu starten",
        ["message"],
        "Guten Tag,\n\nbitte starten Sie das Gerät neu: ganz ausschalten, 30 Sekunden warten, wieder einschalten.\n\n"
        "Schreiben Sie mir danach, ob es wieder geht.",
    ),
    (
        "WLAN neu verbinden",
        ["message"],
        "Guten Tag,\n\nbitte schalten Sie das WLAN am Gerät aus und nach zehn Sekunden wieder ein.\n\n"
        "Wenn das nicht hilft: Welches WLAN zeigt das Gerät an?",
    ),
    (
        "Kabel und Quelle prüfen",
        ["message"],
        "Guten Tag,\n\nprüfen Sie bitte zwei Dinge: Steckt das Kabel an beiden Enden fest? "
        "Ist am Bildschirm die richtige Quelle gewählt?\n\nSchreiben Sie mir danach, was Sie sehen.",
    ),
    (
        "Systemhaus kümmert sich",
        ["message"],
        "Guten Tag,\n\ndas Systemhaus kümmert sich jetzt um Ihre Meldung {Nummer}. "
        "Ansprechstelle für Sie bleibt das Campusmanagement: {Campusmanagement}.",
    ),
    (
        "Ersatzteil bestellt",
        ["message"],
        "Guten Tag,\n\ndas Ersatzteil ist bestellt. Voraussichtlicher Liefertag: …\n\n"
        "Wenn es da ist, vereinbaren wir einen Besuch.",
    ),
    (
        "Schon gemeldet",
        ["message"],
        "Diese Störung ist schon unter der Nummer … gemeldet. Dort geht es weiter. "
        "Deshalb schließe ich die Meldung {Nummer}.",
    ),
    (
        "Keine Antwort bekommen",
        ["message"],
        "Auf unsere Rückfrage haben wir keine Antwort bekommen. Deshalb schließe ich die Meldung.\n\n"
        "Besteht die Störung noch, melden Sie sich gern wieder: {Hotline}.",
    ),
    (
        "Welches Gerät?",
        ["question"],
        "Welches Gerät ist betroffen? Schreiben Sie bitte die Nummer auf dem Aufkleber dazu.",
    ),
    ("Seit wann, wie oft?", ["question"], "Seit wann tritt die Störung auf? Ist sie immer da oder nur manchmal?"),
    (
        "Andere auch betroffen?",
        ["question"],
        "Haben andere Geräte dieselbe Störung oder nur dieses eine? Es geht um: {Raum}.",
    ),
    (
        "Neu gestartet",
        ["solution"],
        "Das Gerät ist neu gestartet und läuft wieder. Kommt die Störung zurück, öffnen Sie die Meldung wieder.",
    ),
    (
        "Kabel getauscht",
        ["solution"],
        "Ein Kabel war defekt. Es ist getauscht, Bild und Ton sind geprüft.",
    ),
    (
        "Passwort zurückgesetzt",
        ["solution"],
        "Das Passwort ist zurückgesetzt. Das neue bekommen Sie persönlich, nicht in dieser Meldung.",
    ),
    (
        "Einstellung berichtigt",
        ["solution"],
        "Eine Einstellung war falsch. Sie ist berichtigt, und die Funktion ist geprüft.",
    ),
    (
        "Vor Ort geprüft",
        ["internal"],
        "Vor Ort geprüft am …\nStrom: …\nKabel: …\nNeustart: …\nAnderes Gerät am selben Anschluss: …",
    ),
    (
        "Bisher versucht",
        ["internal"],
        "Bisher versucht: …\nErgebnis: …\nIn der Schule erreichbar: …\nMein Telefon für Rückfragen: {Mein Telefon}",
    ),
    ("Rückruf vereinbart", ["internal"], "Rückruf vereinbart für … unter der Nummer …"),
]


def add(apps, schema_editor):
    module = apps.get_model("textmodules", "TextModule")
    for title, kinds, body in TEXTS:
        module.objects.get_or_create(title=title, owner=None, defaults={"kinds": kinds, "body": body})


class Migration(migrations.Migration):
    dependencies = [("textmodules", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
