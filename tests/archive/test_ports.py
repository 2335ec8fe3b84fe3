"""archive.embedded.ports: what one has claimed, nobody else is given."""

import socket
from contextlib import ExitStack

from archive.embedded.ports import ROW, claimed_ports


def test_each_of_many_gets_ports_of_its_own() -> None:
    with ExitStack() as stack:
        firsts = [stack.enter_context(claimed_ports(None, count=ROW, also=10_000)) for _ in range(300)]
        taken = {port + more for first in firsts for port in range(first, first + ROW) for more in (0, 10_000)}
        assert len(taken) == 300 * ROW * 2


def test_what_is_claimed_is_had_again_only_afterwards() -> None:
    with claimed_ports(None, count=ROW) as before, claimed_ports(before, count=ROW) as other:
        assert other != before
    with claimed_ports(before, count=ROW) as again:
        assert again == before


def test_where_somebody_listens_is_not_claimed() -> None:
    with claimed_ports(None) as before:
        pass
    with socket.create_server(("127.0.0.1", before + 3)):
        with claimed_ports(before, count=ROW) as other:
            assert other != before
        with claimed_ports(before, count=3) as same:
            assert same == before
