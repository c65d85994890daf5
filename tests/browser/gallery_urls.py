"""Every part of the interface on trial pages, to be looked at and measured beside the real ones."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from foundation.berlin import BERLIN
from foundation.forms import ChipCheckboxes, ChipRadio, LineRadio, TileRadio

HERE = Path(__file__).parent / "gallery"
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=BERLIN)
TIMES = {
    "early": datetime(2026, 11, 23, 7, 58, tzinfo=BERLIN),
    "friday": datetime(2026, 11, 20, 12, 0, tzinfo=BERLIN),
    "soon": datetime(2026, 11, 23, 10, 55, tzinfo=BERLIN),
    "today": datetime(2026, 11, 23, 15, 0, tzinfo=BERLIN),
    "tomorrow": datetime(2026, 11, 24, 9, 0, tzinfo=BERLIN),
    "later": datetime(2026, 11, 27, 9, 0, tzinfo=BERLIN),
}


class Person:
    is_authenticated = True

    def __str__(self):
        return "Mehmet Aydın"


class ReportForm(forms.Form):
    what = forms.ChoiceField(
        label="Art der Störung",
        choices=[
            ("network", "Internet, WLAN"),
            ("display", "Bild, Ton, Tafel"),
            ("tablet", "Tablet, Laptop"),
            ("account", "Anmeldung, Passwort"),
            ("printer", "Drucker"),
            ("other", "Etwas anderes"),
        ],
        widget=TileRadio(
            asked=True,
            icons={
                "network": "wifi",
                "display": "tv",
                "tablet": "tablet_mac",
                "account": "key",
                "printer": "print",
                "other": "help",
            },
        ),
    )
    room = forms.ChoiceField(
        label="Wo?",
        choices=[("1", "A 204"), ("2", "B 112"), ("3", "Lehrkräftezimmer"), ("", "Anderer Raum")],
        widget=ChipRadio(icons={"": "search"}),
    )
    urgency = forms.ChoiceField(
        label="Können Sie weiterarbeiten?",
        choices=[
            ("blocked", "Nein, der Unterricht steht still"),
            ("hampered", "Ja, mit Einschränkungen"),
            ("can_wait", "Ja, es eilt nicht"),
        ],
        widget=LineRadio(icons={"blocked": "bolt", "hampered": "hourglass_top", "can_wait": "schedule"}),
    )
    text = forms.CharField(
        label="Kurze Beschreibung",
        required=False,
        help_text="Bitte keine Namen von Schülerinnen und Schülern.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photos = forms.FileField(label="Fotos", required=False, help_text="JPEG, PNG, WebP oder HEIC, je bis 15 MB.")


class StepForm(forms.Form):
    school = forms.ChoiceField(label="Schule", choices=[("", "Bitte wählen"), ("1", "Bert-Brecht-Gymnasium")])
    place = forms.CharField(label="Ort", help_text="Zum Beispiel: Bühne der Aula")
    email = forms.EmailField(label="E-Mail-Adresse", required=False)
    until = forms.DateField(label="Wartet bis", widget=forms.DateInput(attrs={"type": "date"}))
    tried = forms.MultipleChoiceField(
        label="Schon probiert?",
        choices=[("a", "Neu gestartet"), ("b", "Anderes Kabel"), ("c", "Anderes Gerät")],
        widget=ChipCheckboxes,
    )
    solution = forms.CharField(label="Wie wurde es gelöst?", widget=forms.Textarea(attrs={"rows": 4}))
    confidential = forms.BooleanField(
        label="Vertraulich behandeln",
        required=False,
        help_text="Nur Sie und das Campusmanagement sehen diese Meldung.",
    )


def shell(current, *, theme="", teacher=False):
    entries = [
        ("today", "Heute", "today", 0),
        ("tickets", "Meldungen", "list_alt", 11),
        ("visits", "Besuche", "event", 0),
        ("schools", "Schulen", "school", 0),
        ("guides", "Anleitungen", "menu_book", 0),
    ]
    return SimpleNamespace(
        nav=[
            {"url": f"#{key}", "label": label, "icon": icon, "badge": badge, "current": key == current}
            for key, label, icon, badge in (entries[:3] if teacher else entries)
        ],
        subtitle="Bert-Brecht-Gymnasium" if teacher else "Campus Kirchlinde",
        unread=3,
        hotline={"phone": "0231 50-11111", "tel": "+492315011111", "hours": "Mo–Fr 8–18 Uhr"},
        on_duty=[{"school": "Bert-Brecht-Gymnasium", "name": "Mehmet Aydın", "phone": ""}] if teacher else [],
        roles=[
            {"label": "Campusmanagement", "url": "#campus", "current": True},
            {"label": "Lehrkraft", "url": "#teacher", "current": False},
        ],
        theme=theme,
        attribution="Schuldaten: Ministerium für Schule und Bildung NRW, Datenlizenz Deutschland 2.0",
    )


def shown(name, current="", *, teacher=False, signed_in=True):
    """Return a view of one trial page."""

    def view(request):
        request.at = NOW
        report = ReportForm(
            {"room": ""} if "errors" in request.GET else None,
            initial={"what": "display", "room": "1", "urgency": "hampered"},
        )
        step = StepForm({"email": "kein"} if "errors" in request.GET else None)
        for form in (report, step):
            form.is_valid()
        context = {"form": report, "step": step, "now": NOW, "times": TIMES}
        if signed_in:
            context |= {"user": Person(), "shell": shell(current, theme=request.GET.get("theme", ""), teacher=teacher)}
        text = (HERE / f"{name}.html").read_text("utf-8")
        return HttpResponse(engines["django"].from_string(text).render(context, request))

    return view


urlpatterns = [
    path("gallery/report/", shown("report", "today", teacher=True)),
    path("gallery/today/", shown("today", "today")),
    path("gallery/ticket/", shown("ticket", "today")),
    path("gallery/step/", shown("step", "tickets")),
    path("gallery/parts/", shown("parts", "schools")),
    path("gallery/empty/", shown("empty", "tickets", teacher=True)),
    path("gallery/gate/", shown("gate", signed_in=False)),
    path("gallery/lost/", shown("lost", signed_in=False)),
    path("", include("helpdesk.urls")),
]
