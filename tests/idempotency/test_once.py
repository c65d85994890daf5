"""A request sent twice takes effect once: one after the other, at the same moment, and after a refusal."""

import threading
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts.models import User
from idempotency import once
from idempotency.fingerprint import fingerprint_of
from idempotency.models import IdempotencyRecord, prune
from idempotency.once import InvalidKey, KeyReused, StillRunning, clean_key, key_of, run_once

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SAME, OTHER = "a" * 64, "b" * 64


class Effects:
    """Something that leaves a row behind each time it is done: it invites a guest."""

    def __init__(self):
        self.domain = f"{uuid.uuid4().hex}.example"

    def invite(self):
        guest = User.objects.create_user(f"{uuid.uuid4().hex}@{self.domain}")
        return HttpResponse(f"invited {guest.pk}", status=201)

    def count(self):
        return User.objects.filter(email__endswith=self.domain).count()


@pytest.fixture
def effects():
    return Effects()


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@demo.example")


def send(owner, action, *, key="key-1", fingerprint=SAME, at=AT):
    return run_once(owner=owner, key=key, fingerprint=fingerprint, at=at, action=action)


def test_the_second_sending_gets_the_first_answer_and_does_nothing(ada, effects):
    first = send(ada, effects.invite)
    second = send(ada, effects.invite)
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert effects.count() == 1


def test_another_key_is_another_request(ada, effects):
    send(ada, effects.invite, key="key-1")
    send(ada, effects.invite, key="key-2")
    assert effects.count() == 2


def test_a_key_belongs_to_one_person(ada, effects):
    send(ada, effects.invite)
    send(User.objects.create_user("ben@demo.example"), effects.invite)
    assert effects.count() == 2


def test_the_same_key_for_something_else_is_refused(ada, effects):
    send(ada, effects.invite)
    with pytest.raises(KeyReused):
        send(ada, effects.invite, fingerprint=OTHER)
    assert effects.count() == 1


def test_a_redirect_is_repeated_to_the_same_address(ada):
    send(ada, lambda: HttpResponseRedirect("/tickets/DO-2026-4017/"))
    again = send(ada, lambda: HttpResponseRedirect("/elsewhere/"))
    assert (again.status_code, again.headers["Location"]) == (302, "/tickets/DO-2026-4017/")


def test_a_refused_request_leaves_nothing_and_may_be_mended(ada, effects):
    def refuse():
        effects.invite()
        return HttpResponse("a gap", status=422)

    assert send(ada, refuse).status_code == 422
    assert effects.count() == 0
    assert send(ada, effects.invite, fingerprint=OTHER).status_code == 201
    assert effects.count() == 1


def test_an_exception_leaves_nothing_and_is_passed_on(ada, effects):
    def fail():
        effects.invite()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send(ada, fail)
    assert effects.count() == 0
    assert not IdempotencyRecord.objects.exists()


def test_a_page_that_is_rendered_late_is_kept_rendered(ada):
    template = engines["django"].from_string("Grüße an {{ name }}")

    def page():
        return TemplateResponse(RequestFactory().get("/"), template, {"name": "Ada"})

    assert send(ada, page).content == send(ada, page).content == "Grüße an Ada".encode()


def test_a_stream_cannot_be_kept(ada):
    with pytest.raises(TypeError):
        send(ada, lambda: StreamingHttpResponse([b"x"]))


def test_any_bytes_can_be_kept(ada):
    send(ada, lambda: HttpResponse(b"\x00\xff", content_type="application/octet-stream"))
    assert send(ada, HttpResponse).content == b"\x00\xff"


class GuestView(APIView):
    """What a view of the API looks like."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request):
        def act():
            guest = User.objects.create_user(request.data["email"])
            return Response({"email": guest.email}, status=201, headers={"Location": f"/people/{guest.pk}/"})

        owner = User.objects.get(email="ada@demo.example")
        return run_once(owner=owner, key=key_of(request), fingerprint=fingerprint_of(request), at=AT, action=act)


def test_a_view_of_the_api_answers_the_same_json_twice(ada):
    def post():
        request = APIRequestFactory().post(
            "/guests/", {"email": "eva@demo.example"}, format="json", headers={"Idempotency-Key": "key-1"}
        )
        return rendered(GuestView.as_view()(request))

    first, second = post(), post()
    assert first.content == second.content == b'{"email":"eva@demo.example"}'
    assert first.status_code == second.status_code == 201
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Content-Type"] == "application/json"


def rendered(response):
    return response.render() if hasattr(response, "render") else response


def test_doing_it_once_costs_two_statements_beside_the_effect(ada):
    for statements in (2, 1):
        with CaptureQueriesContext(connection) as captured:
            send(ada, HttpResponse)
        ours = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(ours) == statements


@pytest.mark.parametrize("key", ["k", "x" * 128, str(uuid.UUID(int=7)), "!~/+"])
def test_visible_characters_make_a_key(key):
    assert clean_key(key) == key


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "tab\t", "é", "nul\0", "line\n"])
def test_other_characters_do_not(key):
    with pytest.raises(InvalidKey):
        clean_key(key)


def test_quotation_marks_around_a_key_are_not_part_of_it():
    assert clean_key('"key-1"') == "key-1"


def test_answers_are_forgotten_after_90_days(ada, effects):
    send(ada, effects.invite, key="old", at=AT)
    send(ada, effects.invite, key="young", at=AT + timedelta(seconds=1))
    assert prune(at=AT + timedelta(days=90)) == 0
    assert prune(at=AT + timedelta(days=90, seconds=1)) == 1
    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["young"]


# --- At the same moment: real connections, real commits ---


@pytest.fixture
def committed(django_db_setup, django_db_blocker, effects):
    """A person every connection sees; removed by hand, because emptying all tables would take too much along."""
    with django_db_blocker.unblock():
        person = User.objects.create_user(f"{uuid.uuid4().hex}@demo.example")
        yield person
        User.objects.filter(email__endswith=effects.domain).delete()
        person.delete()
        connection.close()


@contextmanager
def elsewhere(work):
    """Run `work` in a thread with a connection of its own; its outcome is in the list that is handed out."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield outcome
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_while_the_first_is_running_the_second_is_told_to_wait(committed, effects):
    inside, go_on = threading.Event(), threading.Event()

    def slow():
        response = effects.invite()
        inside.set()
        assert go_on.wait(timeout=10)
        return response

    with elsewhere(lambda: send(committed, slow)) as first:
        assert inside.wait(timeout=10)
        with pytest.raises(StillRunning):
            send(committed, effects.invite)
        assert send(committed, effects.invite, key="key-2").status_code == 201  # others are not held up
        go_on.set()
    assert first[0].status_code == 201
    assert send(committed, effects.invite).content == first[0].content
    assert effects.count() == 2


def test_eight_at_once_make_one_effect(committed, effects):
    for attempt in range(5):
        gate = threading.Barrier(8)

        def work(key=f"storm-{attempt}", gate=gate):
            connection.ensure_connection()
            gate.wait(timeout=10)
            return send(committed, effects.invite, key=key)

        with _all(elsewhere(work) for _ in range(8)) as outcomes:
            pass
        answers = [answer for (answer,) in outcomes]
        fresh = [a for a in answers if isinstance(a, HttpResponse) and "Idempotent-Replayed" not in a.headers]
        assert len(fresh) == 1
        for answer in set(answers) - set(fresh):
            assert isinstance(answer, StillRunning) or answer.content == fresh[0].content
        assert effects.count() == attempt + 1


@contextmanager
def _all(contexts):
    entered = list(contexts)
    outcomes = [context.__enter__() for context in entered]
    yield outcomes
    for context in entered:
        context.__exit__(None, None, None)


def test_a_twin_that_commits_between_our_looking_and_our_claiming_is_noticed(committed, effects, monkeypatch):
    first = send(committed, effects.invite)
    claim, looks = once._claim, []

    def too_early(*args):
        looks.append(args)
        return (True, None) if len(looks) == 1 else claim(*args)

    monkeypatch.setattr(once, "_claim", too_early)
    second = send(committed, effects.invite)
    assert second.content == first.content and second.headers["Idempotent-Replayed"] == "true"
    assert len(looks) == 2
    assert effects.count() == 1


def test_inside_another_transaction_it_cannot_keep_its_promise_and_says_so(committed, effects):
    with transaction.atomic(), pytest.raises(RuntimeError):
        send(committed, effects.invite)
    assert effects.count() == 0


def test_a_refusal_frees_the_key_for_others_at_once(committed, effects):
    assert send(committed, lambda: HttpResponse(status=409)).status_code == 409
    with elsewhere(lambda: send(committed, effects.invite)) as other:
        pass
    assert other[0].status_code == 201
