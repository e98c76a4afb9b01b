#!/usr/bin/env python3
"""Writes v0.1.0-disposals.chain and its keys: one entry of each act on a disposal order, and a wipe whose report names another
model than the list of drives, after docs/events.md and docs/verify/README.md and nothing else, so that what is expected does
not come from the program that is tested. The wipe's other fields are those of v0.1.0-sessions.chain.

    disposals.py FOLDER

Needs the package cryptography. The files are frozen: this says how they came about."""

import base64
import hashlib
import json
import struct
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PAYLOAD_TYPE = b"application/vnd.custody.event.v1+json"
NAME = "corpus.example/S-1"
START = 1_795_000_000_000


def uuid(high, low):
    digits = f"{high:016x}{low:016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def fixture(number):
    return uuid(0x019B_0000_0000_7000, 1 << 63 | number)


def moment(milliseconds):
    time = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def lines(*assets):
    """SHA-256 over ids, sixteen bytes each, ascending."""
    return hashlib.sha256(b"".join(sorted(bytes.fromhex(asset.replace("-", "")) for asset in assets))).hexdigest()


LAPTOP, OTHER, ANN, BOB = fixture(1), fixture(2), fixture(101), fixture(102)
BOTH = {"order": "DO-7", "vendor": "GrünCycle GmbH", "assets": 2, "lines": lines(OTHER, LAPTOP)}
ACTS = [
    {**BOTH, "act": "sealed", "route": "recycle", "seal": "SEAL 4471920",
     "witness": {"person": BOB, "authStrength": "badgePINOffline"}},
    {**BOTH, "act": "unsealed", "route": "destroy", "seal": "SEAL 4471920", "reason": "A wrong one is on it"},
    {**BOTH, "act": "listTaken", "route": "resale", "seal": "SEAL 4471921",
     "list": {"digest": "ab" * 32, "rows": 1}},
    {**BOTH, "act": "closed", "route": "returnToLessor", "seal": "SEAL 4471921",
     "approver": {"person": BOB, "authStrength": "badgePIN"}, "list": {"digest": "ab" * 32, "rows": 1},
     "open": [LAPTOP, OTHER], "reason": "The recycler is bankrupt"},
    {"act": "closed", "order": "DO-8", "vendor": "A", "route": "donate", "assets": 0, "lines": lines()},
]


def entries(path):
    data, at = path.read_bytes(), 0
    while at < len(data):
        (length,) = struct.unpack_from(">H", data, at)
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


def wipe(folder):
    """The wipe of an earlier file, with a model that nobody has confirmed yet, and confirmed."""
    events = (json.loads(entry[64:]) for entry in entries(folder / "v0.1.0-sessions.chain"))
    event = next(event for event in events if event["type"] == "sanitize")
    for confirmed in ({}, {"modelConfirmed": True}):
        record = {**event["details"]["record"], "reportedModel": "Acme X-1", **confirmed}
        yield {**event, "details": {**event["details"], "record": record}}


def main():
    folder = Path(sys.argv[1])
    key = Ed25519PrivateKey.from_private_bytes(bytes([42] * 32))
    public = b"\x01" + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = hashlib.sha256(NAME.encode() + b"\n" + public).hexdigest()[:8]
    site, station = NAME.split("/")
    previous, chain = "0" * 64, b""
    acts = [
        {"v": 1, "type": "disposalOrder", "operator": ANN, "authStrength": "badgePIN", "details": details}
        for details in ACTS
    ]
    for number, act in enumerate(acts + list(wipe(folder)), 1):
        at = START + number * 1000
        event = json.dumps({
            **act, "eventID": uuid(at << 16 | 0x7000 | 42, 1 << 63 | number), "site": site, "station": station,
            "epoch": 1, "seq": number, "prevHash": previous, "hlc": [at, 0], "wallClock": moment(at), "keyID": key_id,
        }, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        signature = key.sign(b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE, len(event), event))
        entry = signature + event
        previous = hashlib.sha256(entry).hexdigest()
        chain += struct.pack(">H", len(entry)) + entry
    (folder / "v0.1.0-disposals.chain").write_bytes(chain)
    (folder / "v0.1.0-disposals.keys").write_text(f"{NAME}+{key_id}+{base64.b64encode(public).decode()}\n")


if __name__ == "__main__":
    main()
