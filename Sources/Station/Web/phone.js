// The phone's page: three screens. Scan: what the camera, a sled that types, or a thumb brings. In a count, and for lookups, it is kept on
// the phone first (phone-queue.js) and goes to the station from there; every other act needs the station at once. List: missing, found and
// odd of the count. Send: what the station does not have yet, and why.
//
// Codes are read by the browser where it can (BarcodeDetector), else by the station, frame by frame; a photo is kept where neither can.
"use strict";

{
  const words = {
    unsent: (number) => localized("{#0} not sent", number), notSent: localized("not sent"), standsAt: (place) => localized("at {0}", place),
    progress: (seen, all) => localized("{#0} of {#1}", seen, all), nowhere: localized("Scan the label of the location where you stand."),
    noPlace: (code) => localized("No location of this site has the code {0}.", code), badge: localized("A badge is not kept on a phone."),
    command: localized("A command is for the desk. In a count only things and locations are scanned."),
    needsStation: localized("This act needs the station, which does not answer. Nothing was taken. A count and lookups go on without it."),
    unsure: localized("The station did not answer. Whether it took this is shown when it answers again."),
    joinFirst: localized("To begin a count the station must answer once. Come into the network, then choose it again."),
    closed: localized("The count is closed. What is sent now is kept, and does not count."),
    done: localized("Done. The count may be closed."), notDone: (number) => localized("Not done yet: {#0} not sent.", number),
    lookupWaits: localized("Will be looked up"), photoWaits: localized("Photo kept"), readLater: localized("read when the station answers"), saysLater: localized("the station will say"), signature: (name) => localized("Signature of {0}", name),
    waitsFor: (name) => localized("Waits for {0} to sign in on this phone", name), triedOnce: localized("tried once"),
    tried: (number) => localized("tried {#0} times", number), nextTry: (time) => localized("next try at {0}", time),
    goesNow: localized("is sent now"), waits: localized("waits"), takenBack: (code) => localized("Taken back: {0}", code), undo: (code) => localized("Undo {0}", code), nothingToUndo: localized("Nothing to undo"), undone: localized("Taken back"), undoNotKept: localized("This undo was NOT kept"),
    letGo: localized("Let go"), again: localized("Try again"), signIn: localized("Sign in"), allSent: localized("Everything is sent."), refused: localized("The station refuses these. They stay until you let them go."),
    isThere: localized("It is kept at the station."), forSend: localized("Not sent yet, and why:"), missing: localized("Missing"), found: localized("Found"), odd: localized("Odd"), oddOnes: (number) => localized("{#0} odd", number),
    noCount: localized("Choose a count above to see its list."), blind: localized("Blind count: what is expected is shown once it is closed."),
    tooLong: localized("The count is too long for a phone. The station answers each scan when it can be reached."), none: localized("None."), more: (number) => localized("{#0} more: see the count’s page.", number),
    cannotRead: localized("The station does not answer, and this browser reads no codes by itself. Type the code, use a sled, or keep the photo."),
    goesOn: localized("The station does not answer. It goes on by itself."), kept: localized("Photo kept."), noOffline: localized("This address is not encrypted (https): when the network is down, the page cannot be opened again. What was scanned stays on the phone."),
    notKept: localized("This scan was NOT kept"), photoNotKept: localized("This photo was NOT kept"),
    standsHere: localized("It stands here until it is kept; with the page it would be lost."), giveUp: (number) => localized("Give up the photos that wait ({#0})", number),
    gaveUp: (number) => localized("Photos given up unread, to make room for scans: {#0}. Take them again.", number),
    promised: localized("The browser has promised to keep what waits here."), maySpoil: localized("The browser may clear what waits here when the phone runs out of room. Send soon."),
    notTold: localized("The browser does not say whether it keeps what waits here. Send soon."), used: (used, all) => localized("{0} MB of {1} MB used on this phone.", used, all),
    nothing: localized("Nothing scanned yet."), count: (title) => localized("Count {0}", title),
    notEncrypted: localized("This address is not encrypted (https), so the browser keeps the camera from the page. Take a photo of the code."),
    notAllowed: localized("The camera was not allowed. Allow it in the browser's settings of this page, or take a photo of the code."),
    noCamera: localized("The camera cannot be used. Take a photo of the code."), expired: localized("Sign in again: the station has signed you out."),
  };

  const screen = document.querySelector("main.phone");
  const lens = document.querySelector("#phone-lens");
  const video = document.querySelector("#phone-video");
  const marks = document.querySelector("#phone-marks");
  const still = document.querySelector("#phone-still");
  const photo = document.querySelector("#phone-photo");
  const why = document.querySelector("#phone-why");
  const choice = document.querySelector("#workflow");
  const keepButton = document.querySelector("#phone-keep");
  const kinds = { accepted: "accepted", acceptedWithNote: "acceptedWithNote", context: "accepted", duplicate: "duplicate",
    unknown: "unknown", refused: "refused", unassigned: "refused", lookup: "lookup" };
  const iconOf = { accepted: "check", acceptedWithNote: "check", duplicate: "equals", unknown: "question", refused: "cross", lookup: "search", idle: "clock" };
  // The API answers in English: what it says of a thing, or of a code that it does not know.
  const standings = { Expected: localized("Expected"), "In stock": localized("In stock"), Deployed: localized("Deployed"), Quarantined: localized("Quarantined"),
    "In repair": localized("In repair"), Retired: localized("Retired"), Disposed: localized("Disposed"), "In transit": localized("In transit"),
    Missing: localized("Missing"), "Unknown code": localized("Unknown code") };
  const interval = 340;
  const person = screen.dataset.person;
  const name = screen.dataset.name;
  const q = phoneQueue;

  // ------------------------------------------------------------------------------------------------- What is being done

  // The count that is chosen: { id, title, blind, counter, place, joined, done }; null for an act of the station's.
  let count = null;
  let list = phoneCount.opened(null);
  let listAt = 0;
  let counts = [];
  const act = () => choice.value;
  const isLookup = () => !count && act() === "lookup";
  // Ids of what was taken back. What the station did not take back counts again.
  const undone = () => new Set(q.items.filter((each) => each.kind === "undo" && each.state !== "odd").map((each) => each.of));
  function itemsOf(one) {
    const without = undone();
    return q.items.filter((each) => each.counter === one.counter && each.kind === "count" && !without.has(each.id));
  }

  // The list as the station gave it, without what was taken back here since.
  function openList(sheet) {
    const made = phoneCount.opened(sheet);
    for (const each of q.items) {
      if (each.kind === "undo" && each.state !== "odd" && each.counter === count?.counter) phoneCount.takeBack(made, each);
    }
    return made;
  }

  const keepCounts = () => q.know(`counts ${person}`, counts);

  async function choose(id) {
    fault("");
    const option = choice.querySelector(`option[value="count:${CSS.escape(id)}"]`);
    let entry = counts.find((each) => each.id === id);
    if (!entry) {
      entry = { id, title: option?.dataset.title ?? "", blind: option?.dataset.blind === "yes", counter: q.uuid(),
        place: null, joined: false };
      counts.push(entry);
    }
    try {
      const answer = await q.counter(id, entry.counter, entry.place);
      if (answer && !answer.ok) throw new Error([answer.said.detail, answer.said.remedy].filter(Boolean).join(" "));
      Object.assign(entry, { joined: true, done: false });
    } catch (error) {
      if (!entry.joined) {
        counts = counts.filter((each) => each !== entry);
        choice.value = before;
        return fault(error instanceof q.Pause ? words.joinFirst : error.message);
      }
      entry.done = false;
    }
    await begin(entry);
    try { await keepCounts(); } catch (error) { fault(q.whyNot(error)); }
    await q.note(`mode ${person}`, `count:${id}`);
    renewList();
  }

  // Counts from now on, without asking the station.
  async function begin(entry) {
    count = entry;
    const value = `count:${entry.id}`;
    if (!choice.querySelector(`option[value="${value}"]`)) choice.append(element("option", { value }, words.count(entry.title)));
    choice.value = before = value;
    const kept = await q.known(`sheet ${entry.id}`);
    list = openList(kept?.sheet);
    listAt = kept?.at ?? 0;
    sightings.clear();
    show();
    listen();
  }
  let before = choice.value;

  // The list as the station has it: anew when it is old, and there is somebody to ask.
  async function renewList(oldest = 60_000) {
    const one = count;
    if (!one || Date.now() - listAt < oldest) return;
    try {
      const answer = await q.ask(`/api/v1/counts/${one.id}/sheet`, { person });
      if (!answer.ok || count !== one) return;
      list = openList(answer.said);
      listAt = Date.now();
      for (const other of counts) if (other !== one) await q.note(`sheet ${other.id}`, null);
      await q.note(`sheet ${one.id}`, { at: listAt, sheet: answer.said });
      if (!answer.said.open) {
        fault(words.closed);
        one.done = true;
        await keepCounts();
      }
      show();
    } catch (error) {
      if (!(error instanceof q.Pause)) fault(error.message);
    }
  }

  choice.addEventListener("change", async () => {
    if (choice.value.startsWith("count:")) return choose(choice.value.slice(6));
    if (q.standing.state === "gone" && choice.value !== "lookup") {
      choice.value = before;
      return fault(words.needsStation);
    }
    await turnTo(choice.value);
  });

  // Turns the phone's session to another act. Lookups alone go on without the station.
  async function turnTo(act, said = "") {
    try {
      if (q.standing.state === "gone") throw new Error(words.needsStation);
      const answer = await fetch("/phone/session", { method: "POST", body: new URLSearchParams({ workflow: act }), signal: AbortSignal.timeout(15000) });
      if (answer.url.includes("/sign-in")) return signInAgain();
      if (answer.status >= 500) throw new Error(words.needsStation);
      await q.note(`mode ${person}`, act);
      if (said) sessionStorage.setItem("custody-phone-said", said);
      location.assign("/phone");
    } catch {
      if (act !== "lookup") { choice.value = before; return fault(words.needsStation); }
      await q.note(`mode ${person}`, act);
      count = null;
      choice.value = before = act;
      fault(said);
      show();
    }
  }

  async function done() {
    const waiting = q.unsent.filter((each) => each.counter === count.counter).length;
    if (waiting) return fault(words.notDone(waiting));
    try {
      const answer = await q.counter(count.id, count.counter, count.place, { done: true });
      if (answer && !answer.ok) return fault([answer.said.detail, answer.said.remedy].join(" "));
    } catch (error) {
      return fault(error.message);
    }
    count.done = true;
    await keepCounts();
    await turnTo("lookup", words.done);
  }
  document.querySelector("#phone-done").addEventListener("click", done);

  // ------------------------------------------------------------------------------------------------------ What is scanned

  document.addEventListener("scan", (event) => {
    const byThumb = document.querySelector("#keyboard").getAttribute("aria-pressed") === "true";
    scanned(event.detail, byThumb ? "keyed" : "barcode");
  });

  // One after the other, so that what is scanned first is first.
  let chain = Promise.resolve();
  function scanned(text, means, symbologyIdentifier) {
    chain = chain.then(() => takeIn(text, means, symbologyIdentifier)).catch(notTaken);
    return chain;
  }

  function notTaken(error) {
    tell("refused");
    if (!(error instanceof q.NotKept)) return fault(error.message);
    fault("");
    unkept.push({ item: error.item, why: error.message });
    showUnkept();
  }

  // What was scanned and is on no disk. Each stands on every screen until it is kept, or somebody lets it go.
  let unkept = [];
  const myPhotos = () => q.items.filter((each) => each.kind === "photo" && each.state === "waiting" && each.person === person);

  function showUnkept() {
    const photos = myPhotos();
    const box = document.querySelector("#phone-unkept");
    box.parentElement.hidden = !unkept.length;
    box.replaceChildren(...unkept.map((each) => {
      const ways = [button(words.again, keepUnkept), button(words.letGo, () => { unkept = unkept.filter((other) => other !== each); showUnkept(); })];
      ways[1].classList.add("button-quiet");
      // A photo takes the room of thousands of scans. What it shows can be taken again.
      if (each.item.kind !== "photo" && photos.length) ways.splice(1, 0, button(words.giveUp(photos.length), giveUpPhotos));
      const isPhoto = each.item.kind === "photo";
      const head = isPhoto ? words.photoNotKept : each.item.kind === "undo" ? words.undoNotKept : words.notKept;
      return line({ kind: "refused", iconName: "cross", head, code: isPhoto ? "" : each.item.text,
        small: `${each.why} ${words.standsHere}`, at: each.item.at, ways });
    }));
  }

  // Tries again to keep what is not kept, the oldest first. What is kept now has the time and the place at which it was scanned.
  // What is tried without anybody's doing fails without a tone.
  function keepUnkept({ quiet = false } = {}) {
    chain = chain.then(async () => {
      const before = unkept.length;
      while (unkept.length) {
        const [first] = unkept;
        try {
          await q.take(first.item);
        } catch (error) {
          if (!(error instanceof q.NotKept)) throw error;
          first.why = error.message;
          if (!quiet) tell("refused");
          break;
        }
        unkept = unkept.filter((each) => each !== first);
        if (first.item.kind === "undo") list = openList(list.sheet);
      }
      showUnkept();
      if (unkept.length === before) return;
      if (!unkept.length) tell("accepted");
      q.send();
    }).catch(notTaken);
    return chain;
  }

  async function giveUpPhotos() {
    let number = 0;
    try {
      for (const each of myPhotos()) if (await q.letGo(each)) number += 1;
    } catch (error) {
      return fault(q.whyNot(error));
    }
    await keepUnkept();
    fault(words.gaveUp(number));
  }

  addEventListener("beforeunload", (event) => { if (unkept.length) event.preventDefault(); });

  async function takeIn(text, means, symbologyIdentifier) {
    const told = phoneCount.instruction(text);
    if (told?.kind === "BADGE" && (count || isLookup())) { tell("refused"); return fault(words.badge); }
    if (count && told?.kind === "CMD") { tell("refused"); return fault(words.command); }
    if (count && told?.kind === "LOC") return stand(told.value);
    if (!count && (told || !isLookup())) return actAtOnce(text);
    const item = { text, means, symbologyIdentifier, person, name };
    if (count) {
      const seen = new Set(itemsOf(count).map(phoneCount.key));
      const kept = await q.take({ ...item, kind: "count", count: count.id, counter: count.counter, place: count.place });
      fault("");
      tell(phoneCount.tone[phoneCount.result(kept, list, seen).result]);
    } else {
      const kept = await q.take({ ...item, kind: "lookup" });
      fault("");
      // The answer has the tone, where there is one; what waits says that it is taken.
      if (q.standing.state === "ok") asked.add(kept.id);
      else tell("accepted");
    }
    q.send();
  }
  // Lookups whose answer is to be heard.
  const asked = new Set();

  async function stand(code) {
    if (list.sheet && !list.places.has(code)) { tell("refused"); return fault(words.noPlace(code)); }
    const former = count.place;
    count.place = code;
    try {
      await keepCounts();
    } catch (error) {
      // After a reload the old one would stand in what comes.
      count.place = former;
      throw new Error(q.whyNot(error));
    }
    fault("");
    tell("accepted");
    show();
  }

  // An act of custody: the station decides, now or not at all. It is not kept, for by the time that it came it could mean something else.
  async function actAtOnce(text) {
    try {
      const answer = await fetch(screen.dataset.scans, { method: "POST", body: new URLSearchParams({ text }), signal: AbortSignal.timeout(15000),
        headers: { "X-Custody-Fragment": "1", "X-Custody-Operator": person } });
      if (answer.url.includes("/sign-in") || answer.status === 401) return signInAgain();
      takeResults(await answer.text());
      if (!answer.ok) return tell("refused");
      const newest = document.querySelector("#phone-last .phone-result");
      tell([...newest?.classList ?? []].map((each) => each.replace("phone-", "")).find((each) => kinds[each]) ?? "lookup");
      // A command label turns the phone to another act.
      if (phoneCount.instruction(text)?.kind === "CMD") { await q.note(`mode ${person}`, null); location.assign("/phone"); }
    } catch {
      tell("refused");
      fault(q.standing.state === "gone" ? words.needsStation : words.unsure);
    }
  }

  // Takes the newest scan of this count back. What was never tried leaves the phone; what the station has, or may have, is taken back
  // there, by an act that waits its turn behind it.
  document.querySelector("#phone-take-back").addEventListener("click", () => {
    chain = chain.then(async () => {
      const last = lastOf(count);
      if (!last) return;
      if (last.state !== "waiting" || !await q.letGo(last)) {
        await q.take({ kind: "undo", of: last.id, text: last.text, count: last.count, counter: last.counter, place: last.place, person, name });
        phoneCount.takeBack(list, last);
      }
      tell("duplicate");
      fault(words.takenBack(visible(last.text)));
      show();
      q.send();
    }).catch(notTaken);
  });
  const lastOf = (one) => one && itemsOf(one).filter((each) => each.state !== "odd").at(-1);

  // So many more of the consumable that was scanned last: kept and sent as a scan is.
  async function speak(word, quantity) {
    await q.take({ text: word.text, means: "keyed", symbologyIdentifier: word.symbologyIdentifier, person, name, kind: "count", count: count.id,
      counter: count.counter, place: word.place, quantity });
    q.send();
  }

  document.querySelector("#phone-say").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = document.querySelector("#phone-say-number");
    const word = count && newestStock();
    if (!word || !field.checkValidity()) return;
    const quantity = Number(field.value);
    field.value = "";
    field.blur();
    chain = chain.then(() => speak(word, quantity)).then(() => tell("accepted")).catch(notTaken);
  });

  // The newest item of the count, where it is a consumable.
  function newestStock() {
    const newest = itemsOf(count).at(-1);
    return newest && phoneCount.stockOf(newest, list) && newest.state !== "odd" ? newest : null;
  }

  // A second of the result's colour around the picture, and its tone: the eye is on the box.
  let flash;
  function tell(kind) {
    screen.dataset.result = kind;
    clearTimeout(flash);
    flash = setTimeout(() => delete screen.dataset.result, 1200);
    // What was taken is taken, whatever the loudspeaker makes of it.
    try { play(kind); } catch (error) { console.warn("The tone cannot be played.", error); }
  }

  function fault(said) {
    const box = document.querySelector("#phone-fault");
    box.hidden = !said;
    box.textContent = said;
  }

  function signInAgain() {
    fault("");
    location.assign("/sign-in?next=/phone");
  }

  // ------------------------------------------------------------------------------------------------------- What is shown

  let fromStation = [];
  function takeResults(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = page.querySelector("#phone-results");
    if (next) document.querySelector("#phone-results").replaceWith(next);
    readResults();
    show();
  }
  function readResults() { fromStation = [...document.querySelectorAll("#phone-last > .phone-result")]; }

  async function showResults() {
    const answer = await fetch("/phone", { headers: { "X-Custody-Fragment": "1" } });
    if (answer.url.includes("/sign-in") || answer.status === 401) return signInAgain();
    takeResults(await answer.text());
  }

  function line({ kind, iconName, head, code, small, at, ways = [], waiting = false }) {
    const p = element("p", {}, element("b", {}, head), " ", code ? element("code", {}, visible(code)) : "", small ? element("small", {}, small) : "");
    const made = element("li", { class: `phone-result phone-${kind}${waiting ? " is-waiting" : ""}` }, icon(iconName), p);
    if (at) made.append(element("time", { datetime: at, title: new Date(at).toLocaleString(root.lang) },
      new Date(at).toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit", hour12: false })));
    if (ways.length) made.append(element("div", { class: "phone-line-ways" }, ...ways));
    return made;
  }

  function lineOfLookup(item) {
    if (item.state === "waiting") {
      return line({ kind: "idle", iconName: "clock", head: words.lookupWaits, code: item.text, at: item.at, waiting: true });
    }
    const kind = kinds[item.said?.kind] ?? "refused";
    return line({ kind: kind === "lookup" ? "idle" : kind, iconName: iconOf[kind] ?? "search", head: standings[item.said?.words] ?? item.said?.words ?? "", code: item.said?.asset || item.text,
      small: item.said?.title || item.said?.detail, at: item.at });
  }

  function showLast() {
    const last = document.querySelector("#phone-last");
    let made;
    if (count) {
      const seen = new Set();
      const without = undone();
      made = q.items.filter((each) => each.counter === count.counter && !without.has(each.id)).map((item) => {
        if (item.kind === "undo") {
          return line({ kind: item.state === "odd" ? "refused" : "duplicate", iconName: item.state === "odd" ? "cross" : "undo",
            head: item.state === "odd" ? item.said.words : words.undone, code: phoneCount.mark(item.text),
            small: item.state === "odd" ? item.said.detail : words.notSent, at: item.at, waiting: item.state === "waiting" });
        }
        if (item.kind === "photo") return line({ kind: "idle", iconName: "camera", head: words.photoWaits, code: "", small: words.readLater, at: item.at, waiting: true });
        const { result, line: known } = phoneCount.result(item, list, seen);
        seen.add(phoneCount.key(item));
        const isOdd = item.state === "odd";
        return line({ kind: isOdd ? "refused" : phoneCount.tone[result], iconName: isOdd ? "cross" : phoneCount.icons[result],
          head: isOdd ? item.said.words : phoneCount.words[result], code: known?.name ?? phoneCount.mark(item.text),
          small: [known?.title, item.quantity != null ? `${item.quantity} ×` : "", isOdd ? item.said.detail : "", result === "offList" && !isOdd ? words.saysLater : "",
            item.state === "waiting" ? words.notSent : ""].filter(Boolean).join(" · "), at: item.at,
          waiting: item.state === "waiting" });
      }).slice(-5).reverse();
    } else {
      const lookups = q.items.filter((each) => each.kind === "lookup" && each.person === person && each.state !== "odd").slice(-5).map(lineOfLookup);
      const time = (each) => Date.parse(each.querySelector("time")?.dateTime ?? "") || 0;
      made = [...fromStation, ...lookups].sort((one, other) => time(other) - time(one)).slice(0, 5);
    }
    last?.replaceChildren(...(made.length ? made : [element("li", { class: "phone-none" }, words.nothing)]));
  }

  function showStanding() {
    const standing = document.querySelector("#phone-standing");
    standing.hidden = !count;
    if (!count) return;
    const { found: all, odd } = phoneCount.standing(itemsOf(count), list);
    const found = all.filter((each) => each.result !== "stock");
    const how = list.sheet?.expected != null && list.sheet.complete ? words.progress(found.length + odd.filter((each) => each.result.startsWith("other")).length, list.sheet.expected) : "";
    standing.replaceChildren(element("b", {}, count.place ? words.standsAt(count.place) : words.nowhere), how ? ` · ${how}` : "");
  }

  function showUnsent() {
    const number = q.unsent.length;
    const badge = document.querySelector("#phone-unsent");
    const odd = q.odd.length;
    badge.hidden = !number && !odd;
    badge.dataset.unsent = String(number);
    badge.classList.toggle("is-odd", odd > 0);
    badge.replaceChildren(icon(q.standing.state === "gone" ? "offline" : odd ? "warning" : "clock"),
      element("b", {}, [number ? words.unsent(number) : "", odd ? words.oddOnes(odd) : ""].filter(Boolean).join(" · ")),
      q.standing.state === "gone" ? ` ${q.words.gone}` : q.standing.state === "signIn" ? ` ${words.signIn}` : "");
    document.querySelector("#phone-nav-count").textContent = number + odd ? String(number + odd) : "";
    screen.dataset.net = q.standing.state ?? "";
  }

  // Which lines are shown, and how many at most.
  let tab = "missing";
  const mostLines = 200;
  function showList() {
    const tabs = document.querySelector("#phone-tabs");
    const note = document.querySelector("#phone-list-note");
    const lines = document.querySelector("#phone-lines");
    const said = !count ? words.noCount : !list.sheet ? words.joinFirst : list.sheet.blind && !list.sheet.complete ? words.blind
      : !list.sheet.complete ? words.tooLong : "";
    note.hidden = !said;
    note.textContent = said;
    if (!count) { tabs.replaceChildren(); return lines.replaceChildren(); }
    const groups = phoneCount.standing(itemsOf(count), list);
    tabs.replaceChildren(...["missing", "found", "odd"].map((each) => {
      const made = button(`${words[each]} ${groups[each].length}`, () => { tab = each; showList(); });
      made.setAttribute("aria-pressed", String(tab === each));
      made.dataset.tab = each;
      return made;
    }));
    const shown = groups[tab].slice(0, mostLines).map((each) => line({ kind: each.result === "missing" ? "idle" : phoneCount.tone[each.result],
      iconName: each.result === "missing" ? "dot" : phoneCount.icons[each.result],
      head: each.result === "missing" ? phoneCount.words.notSeen : phoneCount.words[each.result], code: each.name,
      small: [each.title, each.detail].filter(Boolean).join(" · ") }));
    if (groups[tab].length > mostLines) shown.push(element("li", { class: "phone-none" }, words.more(groups[tab].length - mostLines)));
    lines.replaceChildren(...(shown.length || said ? shown : [element("li", { class: "phone-none" }, words.none)]));
  }

  // Quiet: what waits is let go of on purpose alone.
  function letGoButton(item) {
    const made = button(words.letGo, async () => { await q.letGo(item); show(); });
    made.classList.add("button-quiet");
    return made;
  }

  const clock = (time) => new Date(time).toLocaleTimeString(root.lang, { hour12: false });
  function reason(item) {
    if (item.person !== person) return words.waitsFor(item.name);
    const tries = !item.tries ? "" : item.tries === 1 ? words.triedOnce : words.tried(item.tries);
    const next = q.standing.next > Date.now() ? words.nextTry(clock(q.standing.next)) : "";
    return [q.standing.state === "ok" ? words.goesNow : q.standing.words || words.waits, tries, next].filter(Boolean).join(" · ");
  }

  function nameOf(item) {
    if (item.kind === "photo") return [words.photoWaits, ""];
    if (item.kind === "signature") return [words.signature(item.signerName), ""];
    if (item.kind === "undo") return [words.undone, item.text];
    const of = item.kind === "count" ? words.count(counts.find((each) => each.id === item.count)?.title ?? "") : words.lookupWaits;
    return [of, item.text];
  }

  function showSend() {
    const waiting = q.unsent.map((item) => {
      const [head, code] = nameOf(item);
      const ways = item.tries === 0 ? [letGoButton(item)] : [];
      return line({ kind: "idle", iconName: "clock", head, code, small: [item.place, reason(item)].filter(Boolean).join(" · "), at: item.at, ways, waiting: true });
    });
    const odd = q.odd.map((item) => {
      const [head, code] = nameOf(item);
      const small = [item.said?.words, item.said?.detail, item.isThere ? words.isThere : "", item.said?.remedy].filter(Boolean)
        .map((each) => (/[.!?]$/.test(each) ? each : `${each}.`)).join(" ");
      const ways = [letGoButton(item)];
      if (!item.isThere && item.person === person) ways.unshift(button(words.again, () => q.tryAgain(item)));
      return line({ kind: "refused", iconName: "cross", head, code, small, at: item.at, ways });
    });
    const note = document.querySelector("#phone-send-note");
    const notes = [];
    if (q.standing.state === "signIn") {
      notes.push(element("p", { class: "notice notice-warning" }, element("span", {}, q.standing.words), element("a", { class: "button", href: "/sign-in?next=/phone" }, words.signIn)));
    } else if (q.standing.state && q.standing.state !== "ok") {
      notes.push(element("p", { class: "notice notice-warning" }, q.standing.words));
    }
    const megabytes = (bytes) => (bytes / 1e6).toLocaleString(root.lang, { maximumFractionDigits: bytes < 1e7 ? 1 : 0 });
    const { persisted, usage, quota } = q.room;
    notes.push(element("p", { class: "phone-send-words", id: "phone-room" }, persisted === null ? words.notTold : persisted ? words.promised : words.maySpoil,
      quota === null ? "" : ` ${words.used(megabytes(usage), megabytes(quota))}`));
    if (!navigator.serviceWorker) notes.push(element("p", { class: "notice notice-plain" }, words.noOffline));
    notes.push(element("p", { class: "phone-send-words" }, waiting.length ? words.forSend : words.allSent));
    if (odd.length) notes.push(element("p", { class: "phone-send-words" }, words.refused));
    note.replaceChildren(...notes);
    document.querySelector("#phone-items").replaceChildren(...odd, ...waiting);
    document.querySelector("#phone-try").disabled = !waiting.length;
    document.querySelector("#phone-done").hidden = !count;
  }
  document.querySelector("#phone-try").addEventListener("click", () => q.send());

  function show() {
    showUnsent();
    showLast();
    showStanding();
    const undo = document.querySelector(".phone-undo");
    const takeBack = document.querySelector("#phone-take-back");
    if (undo) undo.hidden = Boolean(count);
    takeBack.hidden = !count;
    const last = lastOf(count);
    const word = count ? newestStock() : null;
    document.querySelector("#phone-say").hidden = !word;
    document.querySelector("#phone-say-code").textContent = word ? phoneCount.mark(word.text) : "";
    takeBack.disabled = !last;
    takeBack.querySelector("span").textContent = last ? words.undo(phoneCount.mark(last.text)) : words.nothingToUndo;
    if (screen.dataset.screen === "list") showList();
    if (screen.dataset.screen === "send") showSend();
  }

  function turn() {
    const wanted = ["list", "send"].includes(location.hash.slice(1)) ? location.hash.slice(1) : "scan";
    screen.dataset.screen = wanted;
    for (const each of ["scan", "list", "send"]) {
      document.querySelector(`#phone-${each}`).hidden = each !== wanted;
      const link = document.querySelector(`#phone-nav [data-screen="${each}"]`);
      if (each === wanted) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    show();
    if (wanted === "list") renewList(10_000);
    if (wanted === "send") q.askRoom({ toPersist: !q.room.persisted }).then(show);
    scrollTo(0, 0);
  }
  window.addEventListener("hashchange", turn);

  // ---------------------------------------------------------------------------------------------------------- The camera

  const kindsOfMark = { counted: "accepted", held: "accepted" };
  function outline(width, height, symbols) {
    marks.setAttribute("viewBox", `0 0 ${width} ${height}`);
    marks.replaceChildren(...symbols.map((symbol) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      made.setAttribute("points", symbol.corners.map((each) => each.join(",")).join(" "));
      const isSure = symbol.state === "counted" || symbol.state === "held";
      made.setAttribute("class", `mark mark-${isSure ? kinds[symbol.result] ?? (symbol.result ? "beside" : kindsOfMark[symbol.state]) : symbol.state}`);
      return made;
    }));
  }

  const canvas = document.createElement("canvas");
  async function frame(most = 1280, quality = 0.7, source = video, [width, height] = [video.videoWidth, video.videoHeight]) {
    const scale = Math.min(1, most / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d", { willReadFrequently: false });
    // Gray: a third of the bytes, and all that a decoder looks at.
    context.filter = "grayscale(1)";
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  }

  // What was in view lately: a code that is held before the lens is one scan, and counts again once it was away for two seconds. What
  // carries no checksum counts when two looks show it.
  const sightings = new Map();
  const away = 2000;
  let looked = performance.now();
  function news(codes) {
    const now = performance.now();
    // While nobody looked, nothing went away either.
    const blind = now - looked > 1000 ? now - looked : 0;
    looked = now;
    for (const each of sightings.values()) each.at += blind;
    for (const [text, each] of sightings) if (now - each.at > away) sightings.delete(text);
    const fresh = [];
    for (const code of codes) {
      const kept = sightings.get(code.text) ?? { looks: 0, counted: false };
      kept.at = now;
      kept.looks += 1;
      if (!kept.counted && (code.sure || kept.looks > 1)) { kept.counted = true; fresh.push(code); }
      sightings.set(code.text, kept);
    }
    return fresh;
  }

  let detector = null;
  async function findDetector() {
    try {
      const formats = await window.BarcodeDetector?.getSupportedFormats?.();
      if (formats?.length) detector = new BarcodeDetector({ formats: formats.filter((each) => each !== "unknown") });
    } catch (error) {
      console.warn("The browser's own barcode reader cannot be used; the station reads.", error);
    }
  }
  const checked = new Set(["qr_code", "data_matrix", "aztec", "pdf417", "code_128", "ean_13", "ean_8", "upc_a"]);

  // Reads one frame by the browser or by the station. Nothing is scanned by it: the phone takes the codes itself.
  async function look() {
    if (detector) {
      const found = await detector.detect(video);
      outline(video.videoWidth, video.videoHeight, found.map((each) => ({ corners: each.cornerPoints.map(({ x, y }) => [x, y]), state: "held" })));
      return found.filter((each) => each.rawValue).map((each) => ({ text: each.rawValue, sure: checked.has(each.format) }));
    }
    const answer = await q.ask("/api/v1/symbols", { method: "POST", body: await frame(), type: "image/jpeg", person, background: true });
    if (!answer.ok) throw new Error([answer.said.detail, answer.said.remedy].filter(Boolean).join(" "));
    outline(answer.said.width, answer.said.height, answer.said.symbols);
    return answer.said.symbols.filter((each) => each.state !== "doubtful").map((each) => ({ text: each.text,
      symbologyIdentifier: each.symbologyIdentifier, sure: each.state === "counted" }));
  }

  async function watch() {
    const started = Date.now();
    let wait = interval;
    try {
      if (!document.hidden && video.videoWidth && screen.dataset.screen === "scan") {
        if (count || (detector && isLookup())) {
          for (const code of news(await look())) await scanned(code.text, "barcode", code.symbologyIdentifier);
          say("");
        } else {
          wait = await post();
        }
        // The camera is the first to hear of the station again.
        if (q.standing.state && q.standing.state !== "ok" && !detector) q.send();
      }
    } catch (error) {
      if (error instanceof q.Pause && error.state === "signIn") say(words.expired);
      else if (error instanceof q.Pause && error.state === "gone") say(count || isLookup() ? words.cannotRead : words.goesOn, count || isLookup());
      else if (error instanceof q.Pause) say("");
      else say(error.message || words.goesOn);
      wait = 2000;
    }
    setTimeout(watch, Math.max(30, wait - (Date.now() - started)));
  }

  // A frame into the phone's session, as ever: the station reads it and acts on it.
  async function post() {
    let answer;
    try {
      answer = await fetch(`/api/v1/sessions/${screen.dataset.session}/frames`,
        { method: "POST", body: await frame(), headers: { "Content-Type": "image/jpeg" }, signal: AbortSignal.timeout(10000) });
    } catch {
      throw new q.Pause("gone", words.goesOn);
    }
    if (answer.ok) {
      const said = await answer.json();
      say("");
      outline(said.width, said.height, said.symbols);
      for (const scan of said.scans) tell(kinds[scan.result] ?? "lookup");
      // A carton asks something at the desk: amber, and the tone of a question.
      if (said.carton) tell("unknown");
      if (said.scans.length || said.carton) await showResults();
    } else if (answer.status === 401) {
      // What waits on the phone stays there; only the camera needs the sign-in now.
      throw new q.Pause("signIn", words.expired);
    } else if (answer.status === 429) {
      return 1000;
    } else {
      const problem = await answer.json().catch(() => ({ detail: localized("The station answered {#0}.", answer.status) }));
      throw new Error(`${problem.detail ?? ""} ${problem.remedy ?? ""}`);
    }
    return interval;
  }

  function say(said, canKeep = false) {
    still.textContent = said;
    still.hidden = !said;
    keepButton.hidden = !canKeep;
  }

  async function keepPhoto(blob) {
    await q.take({ kind: "photo", blob, purpose: count ? "count" : "lookup", count: count?.id, counter: count?.counter, place: count?.place, person, name });
    tell("accepted");
    fault(words.kept);
    q.send();
  }
  keepButton.addEventListener("click", async () => {
    try { await keepPhoto(await frame(1920, 0.85)); } catch (error) { notTaken(error); }
  });

  async function keepAwake() {
    try { await navigator.wakeLock?.request("screen"); } catch { /* A phone that saves its battery may refuse. */ }
  }

  function photoInstead(said) {
    lens.hidden = true;
    why.textContent = said;
    photo.hidden = false;
  }

  document.querySelector("#photo").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    if (!count) return event.target.form.submit();
    try {
      const picture = await createImageBitmap(file);
      await keepPhoto(await frame(2048, 0.85, picture, [picture.width, picture.height]));
    } catch (error) {
      notTaken(error);
    }
    event.target.value = "";
  });

  async function start() {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return photoInstead(words.notEncrypted);
    photo.hidden = true;
    lens.hidden = false;
    await findDetector();
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia(
        { audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } });
      await video.play();
      still.hidden = true;
    } catch (error) {
      return photoInstead(error.name === "NotAllowedError" ? words.notAllowed : words.noCamera);
    }
    keepAwake();
    document.addEventListener("visibilitychange", () => { if (!document.hidden) keepAwake(); });
    watch();
  }

  // ------------------------------------------------------------------------------------------------------------ Beginning

  let knownOdd = 0;
  let knownUndos = 0;
  q.listen(() => {
    // A refusal that comes later is heard as one that comes at once.
    if (q.odd.length > knownOdd) tell("refused");
    knownOdd = q.odd.length;
    // What the station has taken back, it has judged anew.
    const undos = q.items.filter((each) => each.kind === "undo").length;
    if (undos < knownUndos) listAt = 0;
    knownUndos = undos;
    for (const item of q.items) {
      if (item.state === "waiting" || !asked.delete(item.id)) continue;
      tell(kinds[item.said?.kind] ?? "lookup");
    }
    // Nothing came of it in time: it waits, and is answered later.
    if (q.standing.state && q.standing.state !== "ok" && asked.size) { asked.clear(); tell("accepted"); }
    show();
  });
  // While somebody counts, the station knows that more may come.
  q.onIdle(async () => {
    for (const each of counts) if (each.joined && !each.done) await q.counter(each.id, each.counter, each.place);
  });
  q.onIdle(() => renewList());
  // What was sent made room.
  q.onIdle(() => { if (unkept.length) keepUnkept({ quiet: true }); });

  async function open() {
    document.querySelector("#phone-nav").hidden = false;
    readResults();
    if (navigator.serviceWorker && window.isSecureContext) {
      navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone" })
        .then(() => navigator.serviceWorker.ready).then((worker) => worker.active?.postMessage("keep"))
        .catch((error) => console.warn("The page cannot be kept for when the network is down.", error));
    }
    try {
      await q.begin(person, name);
      knownOdd = q.odd.length;
      counts = await q.known(`counts ${person}`) ?? [];
      const mode = await q.known(`mode ${person}`);
      const entry = mode?.startsWith("count:") && counts.find((each) => `count:${each.id}` === mode && each.joined);
      if (entry) await begin(entry);
    } catch (error) {
      fault(error.message);
    }
    const said = sessionStorage.getItem("custody-phone-said");
    sessionStorage.removeItem("custody-phone-said");
    if (said) fault(said);
    turn();
    q.send();
    screen.dataset.ready = "yes";
  }

  document.addEventListener("pointerdown", unlockSound);
  open();
  start();
}
