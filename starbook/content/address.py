"""Addresses of sites: from what a person writes or copies to the form that links need."""

import ipaddress
import re
from unicodedata import normalize as normalize_form
from urllib.parse import quote, unquote

_PARTS = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#\\]*)(?P<path>[^?#]*)", re.IGNORECASE)
_HOST = re.compile(r"(?P<name>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_ASCII_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What a folder may have as it is; `%` begins a sign that is encoded already.
_SAFE = "%~!$&()*+,;=:@"


class AddressError(ValueError):
    """An address that no site can have; the message says why."""


def normalize(text: str) -> str:
    """Return the address of a site, encoded, with a slash at its end. Raise `AddressError`."""
    if re.search(r"[?#]", text):
        raise AddressError("what begins with ? or # belongs to no site")
    match = _PARTS.fullmatch(text)
    if match is None:
        raise AddressError("it does not begin with https:// or http://")
    if "\\" in match["path"]:
        raise AddressError("it has a backslash")
    folders = match["path"].rstrip("/").split("/")[1:]
    if any(unquote(folder) in ("", ".", "..") for folder in folders):
        raise AddressError("it has a folder that is empty, . or ..")
    host = _normalize_host(match["host"])
    encoded = (quote(_STRAY_PERCENT.sub("%25", folder), safe=_SAFE) for folder in folders)
    return "/".join([f"{match['scheme'].lower()}://{host}", *encoded, ""])


def _normalize_host(text: str) -> str:
    """Return a host in lower case and ASCII, with its port."""
    if "@" in text:
        raise AddressError("it has a user name, which every reader would see")
    match = _HOST.fullmatch(text)
    if match is None or not match["name"]:
        raise AddressError("it has no host" if not text else f"`{text}` is no host")
    port = f":{int(match['port'])}" if match["port"] else ""
    if port and not 0 < int(port[1:]) < 65536:
        raise AddressError(f"{port[1:]} is no port: those are 1 to 65535")
    name = match["name"]
    if name.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(name[1:-1]).compressed}]{port}"
        except ValueError:
            raise AddressError(f"`{name}` is no host") from None
    return (
        ".".join(_normalize_label(label, name) for label in name.removesuffix(".").split("."))
        + port
    )


def _normalize_label(label: str, name: str) -> str:
    """Return a label of the host `name`; one in another script is written in Punycode."""
    folded = normalize_form("NFKC", label).lower()
    if not folded.isascii() and re.fullmatch(r"[\w-]+", folded):
        folded = f"xn--{folded.encode('punycode').decode()}"
    if not _ASCII_LABEL.fullmatch(folded) or len(folded) > 63:
        raise AddressError(f"`{name}` is no host")
    return folded
