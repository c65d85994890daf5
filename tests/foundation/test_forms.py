from django import forms
from django.utils import translation

from foundation.forms import ChipCheckboxes, LineRadio, TileRadio


class RoomForm(forms.Form):
    kind = forms.ChoiceField(
        label="Was?", choices=[("a", "WLAN"), ("b", "Ton")], widget=TileRadio(icons={"a": "wifi"}, asked=True)
    )
    urgency = forms.ChoiceField(
        label="Eilt es?", choices=[("x", "Ja"), ("y", "Nein")], widget=LineRadio(hints={"x": "Unterricht steht"})
    )
    tried = forms.MultipleChoiceField(label="Probiert?", choices=[("1", "Neu gestartet")], widget=ChipCheckboxes)
    place = forms.CharField(label="Ort", help_text="Zum Beispiel <Aula>", required=False)
    count = forms.TypedChoiceField(label="Anzahl", choices=[("1", "eins")])
    agree = forms.BooleanField(label="Vertraulich", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def test_every_field_has_a_label_a_hint_and_its_class():
    html = str(RoomForm())
    assert '<label class="label" for="id_place">Ort' in html
    assert 'aria-describedby="id_place_helptext"' in html
    assert "Zum Beispiel &lt;Aula&gt;" in html
    assert 'class="kern-form-input__input"' in html
    assert 'class="kern-form-input__select"' in html
    assert 'class="kern-form-check__checkbox"' in html


def test_only_optional_questions_say_so():
    with translation.override("en"):
        assert str(RoomForm()).count("(optional)") == 1


def test_choices_are_targets_with_icons_and_hints_in_a_named_group():
    html = str(RoomForm())
    assert '<legend class="sr">Was?</legend>' in html.replace("\n", "")
    assert "icons.svg#wifi" in html
    assert '<span class="choice__hint">Unterricht steht</span>' in html
    assert html.count('<div class="choice choice--tile">') == 2


def test_a_rejected_form_sums_up_what_to_mend_and_ties_it_to_the_fields():
    form = RoomForm({"place": "x" * 3, "tried": ["1"], "agree": "on", "count": "7"})
    html = str(form)
    assert 'href="#id_kind_0"' in html and 'href="#id_count"' in html
    assert 'id="id_count_error"' in html and 'aria-describedby="id_count_error"' in html
    assert 'aria-invalid="true"' in html
    assert "kern-form-input__select--error" in html
    assert "checked" in html and 'value="xxx"' in html


def test_a_radio_button_by_itself_is_never_invalid():
    radio = str(RoomForm({})["kind"])
    assert "aria-invalid" not in radio


def test_the_icons_of_one_form_are_not_those_of_another():
    one, other = RoomForm(), RoomForm()
    one.fields["kind"].widget.icons["b"] = "tv"
    assert "b" not in other.fields["kind"].widget.icons


def test_hidden_fields_carry_neither_class_nor_label():
    html = str(RoomForm())
    assert '<input type="hidden" name="token" id="id_token">' in html
