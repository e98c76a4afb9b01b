// What the phone knows of the count that it counts: the list as the station gave it last, and what was scanned since. So that a scan is
// told at once as found, elsewhere or not expected, also while the station cannot be asked. The station judges anew what comes in.
"use strict";

const phoneCount = (() => {
  const words = {
    found: localized("Found"), otherShelf: localized("On another shelf"), otherRoom: localized("In another room"), missing: localized("Missing"), unexpected: localized("Not expected here"),
    unknown: localized("Unknown code"), duplicate: localized("Duplicate label"), again: localized("Already counted"), kept: localized("Taken"),
    stock: localized("Counted"),
    offList: localized("Not on the list here"), notSeen: localized("Not seen yet"), recorded: (place) => localized("recorded {0}", place),
  };
  const tone = { found: "accepted", otherShelf: "unknown", otherRoom: "unknown", unexpected: "unknown", unknown: "unknown",
    duplicate: "refused", again: "duplicate", kept: "accepted", stock: "accepted", offList: "unknown", missing: "refused" };
  const icons = { found: "check", otherShelf: "transfer", otherRoom: "transfer", unexpected: "question", unknown: "question",
    duplicate: "warning", again: "equals", kept: "check", stock: "check", offList: "question", missing: "cross" };

  // The text by which marks are compared: what a scanner puts before it (an AIM prefix) and the address of a tag's QR code fall away.
  function mark(text) {
    const bare = text.trim().replace(/^\][A-Za-z][0-9A-Za-z]/, "");
    const address = /^https?:\/\/[^/\s]+(?:\/[^\s?#]*)?\/a\/([A-Za-z]{2,4}-\d{5,})(?:[?#].*)?$/.exec(bare);
    return address ? address[1] : bare;
  }

  // An instruction of the house, and no thing: null for everything else.
  function instruction(text) {
    const found = /^CUSTODY:(CMD|LOC|BADGE):(.*)$/.exec(mark(text));
    return found ? { kind: found[1], value: found[2] } : null;
  }

  // How a place lies to another: the same or one within the other, in one room, or in another.
  function relation(places, one, other) {
    if (one === other) return "found";
    const above = (code) => {
      const found = [];
      for (let next = places.get(code)?.parent; next && next !== code && !found.includes(next); next = places.get(next)?.parent) found.push(next);
      return found;
    };
    const [mine, theirs] = [above(one), above(other)];
    if (mine.includes(other) || theirs.includes(one)) return "found";
    return (mine.at(-1) ?? one) === (theirs.at(-1) ?? other) ? "otherShelf" : "otherRoom";
  }

  // A sheet as it came, with what finds its lines.
  function opened(sheet) {
    const marks = new Map();
    for (const line of sheet?.lines ?? []) {
      for (const each of line.marks) marks.set(each, marks.has(each) ? null : line);   // two things with one mark: nobody guesses
    }
    const stock = new Map((sheet?.consumables ?? []).map((each) => [each.key, { line: `consumable:${each.key}`, name: each.code, title: each.name, marks: [] }]));
    return { sheet, marks, stock, places: new Map((sheet?.places ?? []).map((each) => [each.code, each])) };
  }

  // What was taken back may be in the list already: until the station has judged anew, nobody has seen it.
  function takeBack(list, item) {
    const line = list.marks.get(mark(item.text));
    if (!line) return;
    line.seenAt = null;
    if (line.expected) line.result = "missing";
    else list.sheet.lines = list.sheet.lines.filter((each) => each !== line);
  }

  // What a consumable is known by: a GTIN in any of its lengths, anything else whatever its case. Each scan of one counts one more.
  const stockOf = (item, list) => {
    const code = mark(item.text);
    return list.stock.get(code.toUpperCase()) ?? (/^\d{8}$|^\d{12,14}$/.test(code) ? list.stock.get(code.padStart(14, "0")) : undefined);
  };

  // What was seen where: the same twice is one sighting.
  const key = (item) => `${mark(item.text)}\n${item.place ?? ""}`;

  // What an item comes to: as the station said, else by the list. `before` holds the keys of what was scanned before it.
  function result(item, list, before) {
    const stock = stockOf(item, list);
    if (stock) return { result: "stock", line: stock };
    if (before.has(key(item))) return { result: "again", line: list.marks.get(mark(item.text)) ?? null };
    if (item.line) return { result: item.line.result, line: list.marks.get(mark(item.text)) ?? null, said: item.line };
    if (!list.sheet?.complete) return { result: "kept", line: null };
    const line = list.marks.get(mark(item.text));
    if (!line) return { result: list.marks.has(mark(item.text)) ? "duplicate" : "offList", line: null };
    if (!line.expected) return { result: line.result === "unknown" ? "unknown" : "unexpected", line };
    if (line.result !== "missing" && (line.seenAt ?? null) === (item.place ?? null)) return { result: "again", line };
    if (!item.place || !line.place) return { result: "found", line };
    return { result: relation(list.places, item.place, line.place), line };
  }

  // Every line as it stands with what was scanned since: { missing, found, odd }, each a list of { name, title, result, detail }.
  function standing(items, list) {
    const now = new Map();
    for (const line of list.sheet?.lines ?? []) {
      now.set(line.line, { name: line.name, title: line.title ?? "", result: line.result, detail: line.place ? words.recorded(line.place) : "" });
    }
    const before = new Set();
    for (const item of items) {
      const { result: came, line, said } = result(item, list, before);
      before.add(key(item));
      if (came === "again") continue;
      const name = line?.line ?? said?.line ?? `code:${mark(item.text)}`;
      const kept = now.get(name);
      if (came === "stock") {
        const number = (kept?.number ?? 0) + (item.quantity ?? 1);
        now.set(name, { name: line.name, title: line.title, result: came, number, detail: `${number} ×` });
        continue;
      }
      now.set(name, { name: kept?.name ?? said?.tag ?? mark(item.text), title: kept?.title ?? "", result: came,
        detail: [kept?.detail, item.place].filter(Boolean).join(" → ") });
    }
    const all = [...now.values()];
    return { missing: all.filter((each) => each.result === "missing"), found: all.filter((each) => ["found", "kept", "stock"].includes(each.result)),
      odd: all.filter((each) => !["missing", "found", "kept", "stock"].includes(each.result)) };
  }

  return { words, tone, icons, mark, key, instruction, relation, opened, takeBack, result, standing, stockOf };
})();
