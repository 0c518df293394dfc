"""The watchdog's own race."""

import socket

from integrations.erp.receipts import Timeouts
from integrations.erp.sockets import Call


def test_a_line_that_opens_after_the_deadline_is_shut_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Call(Timeouts(deadline=0.01), None) as call:
        call._watchdog.join(5)
        call.watch(ours)
        theirs.settimeout(5)
        assert theirs.recv(1) == b""


def test_a_line_is_left_alone_until_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with Call(Timeouts(deadline=60), None) as call:
            call.watch(ours)
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"
