"""Whether a store can be used, and what is wrong with it in one line for a person."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from archive.embedded import Services
from archive.errors import StoreError
from archive.s3client import AT_A_LOOK
from archive.store import Store
from tests.archive.conftest import open_store
from tests.archive.relay import Answer, Relay
from tests.ports import closed_port


def test_a_good_store_passes_the_probe_and_keeps_nothing_of_it(store: Store):
    store.probe()
    assert list(store.keys()) == []


def test_a_store_that_overwrites_fails_the_probe(far: Store, between: Relay):
    def lie(method: str, nth: int, answer: Answer) -> Answer:
        return Answer(200, [], b"") if answer.status == 412 else answer

    between.after = lie
    with pytest.raises(StoreError, match=r"overwrites objects although asked not to \(If-None-Match"):
        far.probe()


def test_a_store_that_cannot_put_if_absent_fails_the_probe(far: Store, between: Relay):
    refusal = Answer(501, [], b"<Error><Code>NotImplemented</Code></Error>")
    between.before = lambda method, _nth: refusal if method == "PUT" else None
    with pytest.raises(StoreError, match="NotImplemented: it lacks what microfiche needs; use another store"):
        far.probe()


def test_a_silent_store_fails_the_probe_after_two_tries(monkeypatch: pytest.MonkeyPatch):
    """A person waits for the answer; work at night is more patient."""
    monkeypatch.setattr("archive.store.AT_A_LOOK", replace(AT_A_LOOK, silence=0.05))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = Store("s3://news", endpoint=endpoint, access_key="key", secret_key="secret")
        with pytest.raises(StoreError, match=r"cannot reach bucket news at .* \(ReadTimeoutError\)"):
            store.probe()
        silent.setblocking(False)
        asked = [silent.accept()[0] for _ in range(AT_A_LOOK.tries)]
        with pytest.raises(BlockingIOError):
            silent.accept()
    for connection in asked:
        connection.close()
    assert AT_A_LOOK.tries * (AT_A_LOOK.connect + AT_A_LOOK.silence) <= 30


@pytest.mark.parametrize("status", [301, 307])
def test_a_wrong_region_is_told_in_one_line(far: Store, between: Relay, status: int):
    body = b"<Error><Code>PermanentRedirect</Code></Error>" if status == 301 else b""
    between.before = lambda _method, _nth: Answer(status, [("Location", "http://127.0.0.1:1/")], body)
    assert _message(far).endswith(": the bucket is in another region; set AWS_DEFAULT_REGION")


def _message(store: Store) -> str:
    with pytest.raises(StoreError) as caught:
        store.probe()
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_wrong_keys_are_told_in_one_line_without_the_keys(embedded: Services):
    unknown = Store(f"s3://{embedded.bucket}", endpoint=embedded.endpoint, access_key="AKNOBODY", secret_key="hushhush")
    assert _message(unknown) == (
        f"bucket microfiche at {embedded.endpoint} refuses with InvalidAccessKeyId: "
        "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )
    wrong = Store(
        f"s3://{embedded.bucket}", endpoint=embedded.endpoint, access_key=embedded.access_key, secret_key="hushhush"
    )
    assert _message(wrong) == (
        f"bucket microfiche at {embedded.endpoint} refuses with SignatureDoesNotMatch: "
        "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


def test_a_missing_bucket_is_told_in_one_line(embedded: Services):
    store = Store(
        "s3://nowhere/a", endpoint=embedded.endpoint, access_key=embedded.access_key, secret_key=embedded.secret_key
    )
    assert _message(store) == (
        f"bucket nowhere at {embedded.endpoint} refuses with NoSuchBucket: make the bucket, or correct [store] url"
    )


def test_a_closed_port_is_told_in_one_line():
    with closed_port() as port:
        endpoint = f"http://127.0.0.1:{port}"
        store = Store("s3://news", endpoint=endpoint, access_key="AK", secret_key="hushhush")
        assert _message(store) == (
            f"cannot reach bucket news at {endpoint} (EndpointConnectionError); check [store] endpoint and the network"
        )


def test_missing_keys_are_told_in_one_line(monkeypatch: pytest.MonkeyPatch, embedded: Services, tmp_path: Path):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _message(Store("s3://news", endpoint=embedded.endpoint)) == (
        f"there are no keys for bucket news at {embedded.endpoint}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


def test_an_unknown_profile_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(StoreError, match=r"cannot use bucket news at Amazon S3: The config profile \(nobody\)"):
        Store("s3://news")


def test_a_proxy_in_the_environment_does_not_hide_the_loopback(monkeypatch: pytest.MonkeyPatch, embedded: Services):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    open_store(embedded, prefix="behind-a-proxy").probe()


@pytest.mark.parametrize("url", ["news/archive", "http://news/archive", "s3://", "s3:/news", ""])
def test_what_is_no_store_is_refused(url: str):
    with pytest.raises(StoreError, match="is no address of a store; write it as s3://bucket/prefix"):
        Store(url)
