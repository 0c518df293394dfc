"""A free port of this machine."""

import socket


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there, else one that the system picks. Raises: OSError where there is none."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")
