"""The local network: the address of this machine on it, and a QR code of an address to open."""

import io
import ipaddress
import secrets
import socket
from importlib.util import find_spec

# Reserved for documentation, so that no host has it. To "connect" a UDP socket sends nothing.
_NOWHERE = ("192.0.2.1", 9)
_TOKEN_BYTES = 16
# White on black, whatever the colours of the terminal are.
_COLOURS, _RESET = "\033[97;40m", "\033[0m"


class LanError(Exception):
    """Nothing can be served on the local network; the message says why and what to do."""


def make_token() -> str:
    """Return 128 random bits as text for an address."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def choose_address(wanted: str) -> str:
    """Return the IPv4 address to listen on: `wanted`, or else the one towards other networks.

    Raise `LanError` if there is none, or if it can be reached from everywhere.
    """
    found = wanted or _address_of_route() or _address_of_name()
    if not found:
        raise LanError("this machine has no address on a network; connect it, or name one with "
                       "--lan ADDRESS")  # fmt: skip
    try:
        address = ipaddress.IPv4Address(found)
    except ValueError as error:
        raise LanError(f"{found} is no address such as 192.168.1.20") from error
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        raise LanError(f"{found} is no address of one machine on a network; name one with "
                       "--lan ADDRESS")  # fmt: skip
    if address.is_global:
        raise LanError(f"{found} can be reached from the whole internet; name an address of a "
                       "local network with --lan ADDRESS")  # fmt: skip
    return str(address)


def _address_of_route() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOWHERE)
            return str(probe.getsockname()[0])
        except OSError:  # a network without a way out, such as that of a phone without data
            return ""


def _address_of_name() -> str:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return ""
    addresses = (str(entry[4][0]) for entry in found)
    return next((one for one in addresses if not one.startswith("127.")), "")


def can_draw() -> bool:
    """Return True if the optional library for QR codes is installed."""
    return find_spec("segno") is not None


def draw_qr_code(text: str) -> str:
    """Return a QR code as lines of a terminal."""
    import segno  # noqa: PLC0415  (an optional library)

    stream = io.StringIO()
    segno.make_qr(text, error="l").terminal(stream, compact=True)
    lines = stream.getvalue().splitlines()
    return "\n".join(f"{_COLOURS}{line}{_RESET}" for line in lines if line)
