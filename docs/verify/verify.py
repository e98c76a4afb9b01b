#!/usr/bin/env python3
"""Verifies dossiers of custody, after docs/verify/README.md and nothing else.

    verify.py DOSSIER... --key NAME+HASH+KEY [--json]

Ends with 0 when all are verified, 1 when one is found wanting, 2 for wrong usage, 3 when a file cannot be
read or the package cryptography is missing.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import struct
import sys
import zlib

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError as error:
    # Status 1 would say that a dossier is wanting.
    print(
        f"verify.py: nothing was verified: {error}. Install the package cryptography (Debian: python3-cryptography).",
        file=sys.stderr)
    sys.exit(3)

PAYLOAD_TYPE = b"application/vnd.custody.event.v1+json"
LARGEST = 2**53 - 1


class Malformed(Exception):
    """What is read is not of the form it must have."""


def require(holds, reason):
    if not holds:
        raise Malformed(reason)


# Texts


def unbase64(text, length=None):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("this is not base64") from error
    require(base64.b64encode(data).decode() == text, "this is base64 in another spelling")
    require(length is None or len(data) == length, f"this is not the base64 of {length} bytes")
    return data


def unhex(text, length=32):
    require(isinstance(text, str) and re.fullmatch(r"[0-9a-f]*", text) and len(text) == 2 * length, "this is no hash")
    return bytes.fromhex(text)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Canonical JSON


def canonical(data, limit):
    """The value of canonical JSON; Malformed for any other bytes."""
    require(len(data) <= limit, f"there are more than {limit} bytes")

    def members(pairs):
        require(len({name for name, _ in pairs}) == len(pairs), "a name stands twice")
        return dict(pairs)

    def refuse(text):
        raise Malformed(f"{text} is no whole number")

    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=members, parse_float=refuse, parse_constant=refuse)
        require("".join(spell(value, 0)).encode("utf-8") == data, "this is JSON in another spelling")
    except (ValueError, RecursionError) as error:
        raise Malformed("this is no canonical JSON") from error
    return value


SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def spell_text(text):
    return '"' + re.sub(r'["\\\x00-\x1f]', lambda m: SHORT.get(m[0]) or f"\\u{ord(m[0]):04x}", text) + '"'


def spell(value, depth):
    """The pieces of a value's one spelling."""
    if value is None or isinstance(value, bool):
        yield {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int):
        require(abs(value) <= LARGEST, "a number is too large")
        yield str(value)
    elif isinstance(value, str):
        yield spell_text(value)
    else:
        require(depth < 32, "containers nest too deep")
        between = ""
        if isinstance(value, list):
            yield "["
            for item in value:
                yield between
                yield from spell(item, depth + 1)
                between = ","
            yield "]"
        else:
            yield "{"
            for name in sorted(value, key=lambda text: text.encode("utf-16-be")):
                yield between + spell_text(name) + ":"
                yield from spell(value[name], depth + 1)
                between = ","
            yield "}"


# Typed fields


def number(value):
    require(isinstance(value, int) and not isinstance(value, bool), "this is no number")
    return value


def text(value):
    require(isinstance(value, str), "this is no text")
    return value


def uuid(value):
    require(re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text(value), re.A), "this is no UUID")
    return value.lower()


def code(value):
    require(re.fullmatch(r"[A-Za-z0-9_./-]{1,64}", text(value)), "this is no code")
    return value


def moment(value):
    match = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{3}Z", text(value))
    require(match, "this is no moment")
    year, month, day, hour, minute, second = map(int, match.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    require(1 <= month <= 12 and 1 <= day <= days[month - 1], "this is no day")
    require(hour < 24 and minute < 60 and second < 60, "this is no time of day")
    return value


def digest(value):
    return unhex(text(value))


def listing(of):
    def read(value):
        require(isinstance(value, list), "this is no list")
        return [of(item) for item in value]

    return read


def record(fields, **optional):
    """Reads an object: `fields` must be there, `optional` may be missing or null; other names are passed over."""

    def read(value):
        require(isinstance(value, dict), "this is no object")
        result = {}
        for name, of in fields.items():
            require(name in value, f"'{name}' is missing")
            result[name] = of(value[name])
        for name, of in optional.items():
            result[name] = None if value.get(name) is None else of(value[name])
        return result

    return read


def one_of(**fields):
    """Reads an object that has at least one of `fields`."""

    def read(value):
        result = record({}, **fields)(value)
        require(any(item is not None for item in result.values()), "this names none of " + ", ".join(fields))
        return result

    return read


def texts(value):
    require(isinstance(value, dict), "this is no object")
    return {name: text(item) for name, item in value.items()}


def truth(value):
    require(isinstance(value, bool), "this is neither true nor false")
    return value


def hybrid_time(value):
    require(isinstance(value, list) and len(value) >= 2, "this is no clock reading")
    return [number(value[0]), number(value[1])]


def word(*words):
    def read(value):
        require(text(value) in words, "this is none of " + ", ".join(words))
        return value

    return read


auth_strength = word("system", "badge", "badgePINOffline", "badgePIN")


# Keys and notes


class Key:
    WHITE = set(" \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}

    def __init__(self, vkey):
        parts = text(vkey).split("+", 2)
        require(len(parts) == 3 and not vkey.startswith("PRIVATE+KEY+"), "this is no verifier key")
        self.name, self.id, data = parts[0], parts[1], unbase64(parts[2], 33)
        require(self.is_name(self.name), "the key's name is not allowed")
        require(data[0] == 1, "this is no Ed25519 key")
        require(self.id == sha256(self.name.encode(), b"\n", data)[:4].hex(), "the key's hash is wrong")
        self.public = data[1:]

    @classmethod
    def is_name(cls, name):
        return name != "" and all(c != "+" and c >= " " and c not in cls.WHITE for c in name)

    def signed(self, signature, message):
        if len(signature) != 64:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            return True
        except (InvalidSignature, ValueError):
            return False

    def __eq__(self, other):
        return (self.name, self.public) == (other.name, other.public)


def note_text(note, key):
    """The text of a signed note, which `key` must have signed."""
    note.decode("utf-8")
    require(all(byte >= 0x20 or byte == 0x0A for byte in note), "the note holds a control character")
    split = note.rfind(b"\n\n")
    require(split >= 0 and note.endswith(b"\n"), "the note has no signatures")
    body, lines = note[: split + 1], note[split + 2 : -1].split(b"\n")
    require(len(lines) <= 100 and len(note) > split + 2, "the note has no signatures, or too many")
    is_signed = False
    for line in lines:
        parts = line.decode().split(" ", 2)
        require(len(parts) == 3 and parts[0] == "\u2014" and Key.is_name(parts[1]), "a signature line is malformed")
        data = unbase64(parts[2])
        require(len(data) >= 5, "a signature is too short")
        if parts[1] == key.name and data[:4].hex() == key.id and not is_signed:
            require(key.signed(data[4:], body), "the note's signature is wrong")
            is_signed = True
    require(is_signed, "the key did not sign the note")
    return body.decode()


def tree_head(note, key):
    lines = note_text(note, key).split("\n")
    require(len(lines) >= 4 and lines[-1] == "" and "" not in lines[:-1], "a tree head has three lines at least")
    require(lines[0] == key.name, "the tree head is of another log")
    require(re.fullmatch(r"0|[1-9][0-9]*", lines[1], re.A) and int(lines[1]) < 2**64, "its size is no number")
    size, root = int(lines[1]), unbase64(lines[2], 32)
    require(size > 0 or root == sha256(), "the empty log has another root")
    return size, root


# Merkle trees (RFC 6962)


def node(left, right):
    return sha256(b"\x01", left, right)


def included(leaf, index, size, path, root):
    if index >= size:
        return False
    last, value = size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            value = node(sibling, value)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            value = node(value, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and value == root


def extends(old_size, old_root, size, root, path):
    if old_size == size:
        return not path and old_root == root
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    index, last = old_size - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node(sibling, old), node(sibling, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node(new, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and old == old_root and new == root


# The zip file


def unzip(data):
    require(22 <= len(data) <= 2**31, "the file is too short or too long")
    start = len(data) - 22
    count, length, offset = struct.unpack_from("<HII", data, start + 10)
    require(
        data[start:] == struct.pack("<4s4xHHIIH", b"PK\5\6", count, count, length, offset, 0)
        and count <= 65534 and offset + length == start, "the end record is not of the one form")
    members, at, previous, local = {}, offset, b"", 0
    while at < start:
        require(start - at >= 46, "the directory is cut off")
        crc, size = struct.unpack_from("<II", data, at + 16)
        (name_length,) = struct.unpack_from("<H", data, at + 28)
        name = data[at + 46 : at + 46 + name_length]
        require(at + 46 + name_length <= start and is_member_name(name), "a name is not allowed")
        require(name > previous, "names are out of order")
        common = struct.pack("<HHHHHIIIHH", 10, 0, 0, 0, 0x21, crc, size, size, name_length, 0)
        require(
            data[at : at + 46] == b"PK\1\2\x0a\0" + common + bytes(10) + struct.pack("<I", local),
            "a directory entry is not of the one form")
        content = local + 30 + name_length
        require(
            data[local:content] == b"PK\3\4" + common + name and content + size <= offset,
            "a member's header is not of the one form")
        members[name.decode()] = data[content : content + size]
        require(zlib.crc32(members[name.decode()]) == crc, f"{name.decode()} is damaged")
        at, previous, local = at + 46 + name_length, name, content + size
    require(local == offset and len(members) == count, "something stands where no member is")
    return members


def is_member_name(name):
    return 1 <= len(name) <= 200 and all(
        re.fullmatch(rb"[a-z0-9._-]+", part) and part not in (b".", b"..") for part in name.split(b"/"))


# What is read


def subject(value):
    require(isinstance(value, dict), "this is no object")
    if value.get("asset") is not None:
        return {"asset": uuid(value["asset"])}
    if value.get("order") is not None:
        return {"order": text(value["order"])}
    require("period" in value, "the subject is missing")
    return {"period": record({"from": moment, "to": moment})(value["period"])}


def is_about(subject, entry):
    if entry.links["asset"] is None:
        return False
    if "asset" in subject:
        return entry.links["asset"] == subject["asset"]
    if "period" in subject:
        moment = entry.links["wallClock"]
        return moment is not None and subject["period"]["from"] <= moment < subject["period"]["to"]

    def member(value, *names):
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    details = entry.event.get("details")
    return subject["order"] in (member(details, "order"), member(details, "facts", "orderLine", "order"),
                                member(details, "set", "orderLine", "order"))


MANIFEST = record({
    "v": number, "subject": subject, "madeAt": moment,
    "entries": listing(record({"index": number, "proof": listing(digest)})),
    "consistency": listing(record({"size": number, "proof": listing(digest)})),
    "blobs": listing(record({"digest": text}, salt=text)),
    "withheld": listing(record({"digest": text, "reason": text})),
    "openings": listing(record({"event": uuid, "name": text, "salt": text, "value": text})),
})
HEADER = record({
    "v": number, "type": text, "eventID": text, "station": text, "epoch": number, "seq": number,
    "prevHash": digest, "keyID": text, "site": text,
})
LINKS = record(
    {}, asset=uuid, prior=record({"head": uuid, "version": number}),
    seenCheckpoint=record({"size": number, "root": text}),
    evidence=listing(record({"digest": text, "length": number, "mediaType": text, "role": text})),
    commitments=texts, wallClock=moment)
SECOND = record({"person": uuid, "authStrength": auth_strength})
DETAILS = {
    "enrol": record({"key": Key, "epoch": number}),
    "rotate": record({"key": Key, "reason": text}),
    "revoke": record({"subject": text, "epoch": number, "lastGoodSeq": number, "reason": text}),
    "openEpoch": record({"previousEpoch": number, "lastSeq": number, "lastHash": digest, "reason": text}),
    "erase": record({"person": uuid, "reason": text}),
    "closeCount": record(
        {"count": uuid, "scope": one_of(location=code, category=text, custodian=one_of(person=uuid, team=text, place=code)), "blind": truth,
         "openedAt": moment, "file": text, "observations": number,
         "tally": record({name: number for name in (
             "found", "otherShelf", "otherRoom", "missing", "unexpected", "unknown", "duplicate", "provisional")})},
        consumables=record({name: number for name in ("within", "short", "over", "notCounted")}),
        recountOf=uuid, outstanding=number),
    "closeSession": record(
        {"session": uuid, "openedAt": moment, "events": digest,
         "tally": record({name: number for name in ("readings", "events", "duplicate", "unknown", "refused")})},
        order=text),
    "disposalOrder": record(
        {"act": word("sealed", "unsealed", "listTaken", "closed"), "order": text,
         "route": word("recycle", "resale", "donate", "returnToLessor", "destroy"), "vendor": text, "assets": number,
         "lines": digest},
        seal=text, witness=SECOND, approver=SECOND, list=record({"digest": digest, "rows": number}),
        open=listing(uuid), reason=text),
}
STATEMENT = record(
    {"eventID": uuid, "site": code, "station": code, "hlc": hybrid_time, "wallClock": moment,
     "authStrength": auth_strength}, operator=uuid)


class Entry:
    def __init__(self, index, data, event, header, links):
        self.index, self.data, self.event, self.header, self.links = index, data, event, header, links
        self.station = header["site"] + "/" + header["station"]
        self.place = (header["epoch"], header["seq"])
        self.id = header["eventID"]
        self.is_statement = header["type"] in DETAILS

    def signed_by(self, key):
        body = self.data[64:]
        message = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE, len(body), body)
        return self.header["keyID"] == key.id and key.signed(self.data[:64], message)


class Keys:
    """Which key was good where: statements, judged by station and place."""

    def __init__(self, log_key, statements):
        self.log_key = log_key
        self.given, self.revoked, self.closed = {}, {}, {}
        self.failed = {}
        read = []
        for entry in statements:
            try:
                STATEMENT(entry.event)
                details = DETAILS[entry.header["type"]](entry.event.get("details"))
                read.append((entry.header["type"] not in ("enrol", "revoke"), entry.place, entry.index, entry, details))
            except Malformed as error:
                self.failed[entry.index] = ("form", f"it is no statement: {error}")
        for _, _, _, entry, details in sorted(read, key=lambda item: item[:3]):
            fault = self.take(entry, entry.header["type"], details)
            if fault:
                self.failed[entry.index] = fault

    def judge(self, station, place):
        """The check that fails for an entry there, and the key."""
        if station == self.log_key.name:
            return None, self.log_key
        held = [item for item in self.given.get(station, []) if item[0] <= place]
        if not held:
            return "key", None
        _, key, enrolled = max(held, key=lambda item: item[0])
        if any(last[0] >= enrolled and last < place for last in self.revoked.get(station, [])):
            return "revoked", key
        last = self.closed.get((station, place[0]))
        if last is not None and last < place[1]:
            return "closed", key
        return None, key

    def give(self, station, place, key, enrolled):
        for held_from, held, _ in self.given.get(station, []):
            if held_from == place:
                return None if held == key else ("statement", "another key was given there")
        self.given.setdefault(station, []).append((place, key, enrolled))
        return None

    def take(self, entry, kind, details):
        if kind in ("enrol", "revoke"):
            if entry.station != self.log_key.name:
                return "signature", "only the log enrols and revokes"
            key = self.log_key
        else:
            fault, key = self.judge(entry.station, entry.place)
            if fault:
                return "signature", "no key of its author is good there"
        if not entry.signed_by(key):
            return "signature", "it is not signed by the key that must sign it"
        epoch, seq = entry.place
        if kind == "enrol":
            new = details["key"]
            if details["epoch"] < 1 or new.name == self.log_key.name:
                return "statement", "this cannot be enrolled"
            return self.give(new.name, (details["epoch"], 1), new, details["epoch"])
        if kind == "revoke":
            if details["epoch"] < 1 or details["lastGoodSeq"] < 0:
                return "statement", "this is no place in a chain"
            self.revoked.setdefault(details["subject"], []).append((details["epoch"], details["lastGoodSeq"]))
        if kind == "rotate":
            if details["key"].name != entry.station:
                return "statement", "it hands over to another's key"
            before = [item for item in self.given.get(entry.station, []) if item[0] <= entry.place]
            if before:
                enrolled = max(before, key=lambda item: item[0])[2]
                return self.give(entry.station, (epoch, seq + 1), details["key"], enrolled)
        if kind == "openEpoch":
            if seq != 1 or details["previousEpoch"] != epoch - 1 or details["lastSeq"] < 0:
                return "statement", "this opens no epoch"
            self.closed[(entry.station, epoch - 1)] = details["lastSeq"]
        return None


# The verification


class Verification:
    def __init__(self, data, key):
        self.key, self.failures, self.histories = key, [], []
        self.run(data)

    def fail(self, check, sentence, index=None, event=None):
        self.failures.append({"check": check, "index": index, "eventID": event, "sentence": sentence})

    def fail_at(self, check, entry, sentence):
        self.fail(check, sentence, entry.index, entry.id)

    def run(self, data):
        try:
            members = unzip(data)
        except Malformed as error:
            return self.fail("zip", str(error))
        try:
            manifest = self.manifest(members)
        except Malformed as error:
            return self.fail("manifest", str(error))
        try:
            size, root = tree_head(members["checkpoint"], self.key)
        except (Malformed, ValueError) as error:
            return self.fail("checkpoint", str(error))
        entries = self.included(manifest, members, size, root)
        good = self.signed(entries)
        events = [entry for entry in good if not entry.is_statement]
        self.chains(good)
        self.history(events)
        self.seen(good, manifest, size, root)
        self.blobs(events, manifest, members)
        self.openings(events, manifest)
        if not any(is_about(manifest["subject"], entry) for entry in events):
            self.fail("subject", "no verified event is about what the dossier says it is about")

    @staticmethod
    def manifest(members):
        require("manifest.json" in members, "there is no manifest.json")
        manifest = MANIFEST(canonical(members["manifest.json"], 32 << 20))
        require(manifest["v"] == 1, "only version 1 is known")

        def ascending(values):
            return all(left < right for left, right in zip(values, values[1:]))

        indexes = [item["index"] for item in manifest["entries"]]
        require(ascending(indexes) and all(index >= 0 for index in indexes), "the entries are out of order")
        require(ascending([item["size"] for item in manifest["consistency"]]), "the proofs are out of order")
        for files in ("blobs", "withheld"):
            require(ascending([item["digest"].encode() for item in manifest[files]]), f"{files} is out of order")
        named = {"blobs/" + item["digest"] for item in manifest["blobs"]}
        named |= {"entries/%016d" % index for index in indexes} | {"checkpoint", "manifest.json", "summary.html"}
        require(named == set(members), "the members are not those that the manifest names")
        return manifest

    def included(self, manifest, members, size, root):
        entries = []
        for item in manifest["entries"]:
            index, data = item["index"], members["entries/%016d" % item["index"]]
            if not 65 <= len(data) <= 60064:
                self.fail("form", "an entry has 65 to 60,064 bytes", index)
                continue
            event = header = fault = None
            try:
                event = canonical(data[64:], 60000)
                header = HEADER(event)
            except Malformed as error:
                fault = str(error)
            claimed = header and header["eventID"]
            if not included(sha256(b"\0", data), index, size, item["proof"], root):
                self.fail("inclusion", "it is not in the log at that place", index, claimed)
                continue
            if not fault and (header["v"] != 1 or header["epoch"] < 1 or header["seq"] < 1):
                self.fail("form", "it has no place in a chain", index, claimed)
                continue
            try:
                require(not fault, fault)
                entries.append(Entry(index, data, event, header, LINKS(event)))
            except Malformed as error:
                self.fail("form", str(error), index)
        return entries

    def signed(self, entries):
        keys = Keys(self.key, [entry for entry in entries if entry.is_statement])
        good = []
        for entry in entries:
            if entry.is_statement:
                fault = keys.failed.get(entry.index)
                if fault:
                    self.fail_at(fault[0], entry, fault[1])
                    continue
            else:
                check, key = keys.judge(entry.station, entry.place)
                if check is None and not entry.signed_by(key):
                    check = "signature"
                if check:
                    self.fail_at(check, entry, f"the entry is not good: {check}")
                    continue
            good.append(entry)
        return good

    def chains(self, entries):
        ids, places = set(), {}
        for entry in entries:
            if entry.id in ids:
                self.fail_at("fork", entry, "the event stands in the log twice")
            ids.add(entry.id)
            if (entry.station, entry.place) in places:
                self.fail_at("fork", entry, "two entries stand at one place of the chain")
            else:
                places[entry.station, entry.place] = entry
        for entry in entries:
            before = places.get((entry.station, (entry.place[0], entry.place[1] - 1)))
            if before and entry.place[1] > 1 and sha256(before.data) != entry.header["prevHash"]:
                self.fail_at("prevHash", entry, "it follows another entry than the one before it")

    def history(self, events):
        assets = {}
        for event in events:
            if event.links["asset"]:
                assets.setdefault(event.links["asset"], []).append(event)
        for asset, events in assets.items():
            here = {event.id for event in events}
            children, reached = {}, []
            for event in events:
                prior = event.links["prior"]
                if prior and prior["head"] in here:
                    children.setdefault(prior["head"], []).append(event)
                    continue
                if prior:
                    self.fail_at("prior", event, f"the event before it, {prior['head']}, is not here or not verified")
                reached.append(event)
            seen = {event.id for event in reached}
            while reached:
                for child in children.get(reached.pop().id, []):
                    if child.id not in seen:
                        seen.add(child.id)
                        reached.append(child)
            for event in events:
                if event.id not in seen:
                    self.fail_at("prior", event, "its history runs in a circle")
            heads = [event.id for event in events if event.id not in children]
            self.histories.append({"asset": asset, "events": len(events), "heads": heads})

    def seen(self, entries, manifest, size, root):
        proofs = {item["size"]: item["proof"] for item in manifest["consistency"]}
        for entry in entries:
            head = entry.links["seenCheckpoint"]
            if head and not self.agrees(head, proofs, size, root):
                self.fail_at("seenCheckpoint", entry, "the log is not an extension of the one its station had seen")

    @staticmethod
    def agrees(head, proofs, size, root):
        try:
            seen_size, seen_root = head["size"], unhex(head["root"])
        except Malformed:
            return False
        if seen_size <= 0:
            return seen_size == 0 and seen_root == sha256()
        if seen_size == size:
            return seen_root == root
        return seen_size < size and seen_size in proofs and extends(
            seen_size, seen_root, size, root, proofs[seen_size])

    def blobs(self, events, manifest, members):
        blobs = {item["digest"]: item for item in manifest["blobs"]}
        withheld = {item["digest"] for item in manifest["withheld"]}
        named, known = set(), {}
        for event in events:
            for reference in event.links["evidence"] or []:
                name = reference["digest"]
                named.add(name)
                if name not in blobs:
                    if name not in withheld:
                        self.fail_at("blob", event, f"file {name} is missing")
                    continue
                content = members["blobs/" + name]
                if name not in known:
                    known[name] = self.is_content(blobs[name], content)
                if len(content) != reference["length"] or not known[name]:
                    self.fail_at("blob", event, f"file {name} is not what it was")
        for name in blobs:
            if name not in named:
                self.fail("blob", f"no verified event names file {name}")

    @staticmethod
    def is_content(blob, content):
        if blob["salt"] is None:
            return hashlib.sha256(content).hexdigest() == blob["digest"]
        try:
            return hmac.new(unbase64(blob["salt"], 32), content, "sha256").hexdigest() == blob["digest"]
        except Malformed:
            return False

    def openings(self, events, manifest):
        by_id = {}
        for event in events:
            by_id.setdefault(event.id, event)
        for opening in manifest["openings"]:
            event = by_id.get(opening["event"])
            if not event:
                self.fail("commitment", "a value is shown for an event that is not verified", event=opening["event"])
                continue
            try:
                salt, value = unbase64(opening["salt"], 32), unbase64(opening["value"])
                shown = hmac.new(salt, value, "sha256").hexdigest()
            except Malformed:
                shown = ""
            if (event.links["commitments"] or {}).get(opening["name"]) != shown:
                self.fail_at("commitment", event, f"the value shown as '{opening['name']}' is another one")


def printable(line):
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def main():
    parser = argparse.ArgumentParser(description="Verifies dossiers of custody.")
    parser.add_argument("dossier", nargs="+")
    parser.add_argument("--key", required=True, help="the verifier key of the centre's log, NAME+HASH+KEY")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each dossier")
    arguments = parser.parse_args()
    try:
        key = Key(arguments.key)
    except Malformed as error:
        parser.error(f"--key: {error}")
    status = 0
    for path in arguments.dossier:
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            print(f"verify.py: cannot read {path}: {error.strerror}", file=sys.stderr)
            return 3
        found = Verification(data, key)
        status = status or (1 if found.failures else 0)
        if arguments.json:
            print(json.dumps({
                "verified": not found.failures, "file": path, "failures": found.failures,
                "histories": found.histories}))
            continue
        print(("FOUND WANTING  " if found.failures else "VERIFIED  ") + printable(path))
        for failure in found.failures:
            place = [f"log entry {failure['index']}"] if failure["index"] is not None else []
            place += [f"event {failure['eventID']}"] if failure["eventID"] else []
            print(printable("wrong     " + ": ".join(
                [", ".join(place)] * bool(place) + [failure["check"], failure["sentence"]])))
        for history in found.histories:
            print(printable(
                f"proved    asset {history['asset']}: {history['events']} events, complete up to event "
                + " and event ".join(history["heads"]) + "; newer or concurrent events need a full-log audit"))
    return status


if __name__ == "__main__":
    sys.exit(main())
