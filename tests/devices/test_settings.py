"""Devices under /settings/."""

from devices.models import Device
from tests.settings_pages import complaints

DEVICES = "/settings/devices/device/"


def test_a_device_lies_in_a_room_of_its_school(city, client):
    client.force_login(city.administrator)
    facts = {"code": "D 1", "serial": "", "kind": "tablet", "school": city.brecht.pk, "room": city.kant_room.pk}
    answer = client.post(f"{DEVICES}add/", facts)
    assert answer.status_code == 200 and complaints(answer)
    assert client.post(f"{DEVICES}add/", {**facts, "room": city.a204.pk}).status_code == 302
    # Two devices without a serial number are two devices, two with the same label are one.
    assert client.post(f"{DEVICES}add/", {**facts, "code": "D 2", "room": ""}).status_code == 302
    assert complaints(client.post(f"{DEVICES}add/", {**facts, "room": ""}))
    assert list(Device.objects.order_by("code").values_list("code", "serial")) == [("D 1", None), ("D 2", None)]
