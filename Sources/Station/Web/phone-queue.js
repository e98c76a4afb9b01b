// What a phone holds until the station has it. An item is written to the phone's disk before anything says that it is taken, and
// leaves only once the station answered for its very id that it has it. There is no limit of tries. What the station refuses is
// odd: it stays, with why, until a person lets it go.
//
// An item: { id, order, kind, at, person, name, state, tries, … }
//   kind   count (text, means, symbologyIdentifier, count, counter, place), lookup (text), signature (session, signer, signerName,
//          picture), photo (blob, purpose, count, counter, place), undo (of: the id of a scan in a count, text, count, counter)
//   at     when it was made, by this phone's clock
//   person who was signed in then: it is sent as of them, and of nobody else
//   state  waiting, odd (refused, or too late to count), done (the station has it; kept for the lists, as long as there is room)
"use strict";

const phoneQueue = (() => {
  const words = {
    noStore: localized("This browser keeps nothing on the phone. Open the page in a window that is not private, or with another browser."),
    full: localized("This phone has no room left. Send what waits, or free some room on the phone."),
    notWritten: (why) => localized("The browser did not write to the phone’s disk ({0}). Open the page again, or restart the phone.", why),
    tooManyPhotos: localized("200 photos wait already. Come back into the network first."),
    roomForScans: localized("The room that is left is kept for scans, which need far less than a photo. Send what waits, or free some room on the phone."),
    cannotUnpack: localized("This phone has no room for the scans of a photo. The photo waits; free some room on the phone."),
    gone: localized("The station does not answer."),
    signIn: localized("Nobody is signed in at the station any longer. Sign in to send."),
    busy: localized("The station asks to wait."),
    fault: localized("The station has a fault. It is sent again by itself."),
    someoneElse: localized("Somebody else is signed in at the station by now. Sign in again to send what is yours."),
    noCode: localized("No barcode was found in the photo."),
    noCodeRemedy: localized("Take it again, closer and with more light; or type the code."),
    badge: localized("The photo shows a person’s badge. It was not kept as a scan."),
    refused: localized("Not taken"),
    late: localized("Too late: not counted"),
    unreadable: localized("The station gave an answer that this page does not know."),
  };
  const databaseName = "custody-phone";
  const mostPhotos = 200;
  // Bytes that photos leave to scans: some ten thousand of them.
  const roomForScans = 8 << 20;
  const mostDone = 1000;
  const batch = 200;
  const pauses = [1, 2, 4, 8, 15, 30];

  // ------------------------------------------------------------------------------------------------------ The disk

  let opening;
  function database() {
    opening ??= new Promise((resolve, refuse) => {
      if (!window.indexedDB) return refuse(Object.assign(new Error(words.noStore), { said: words.noStore }));
      const request = indexedDB.open(databaseName, 1);
      request.onupgradeneeded = () => {
        const db = request.result;
        const items = db.createObjectStore("items", { keyPath: "id" });
        items.createIndex("order", "order");
        items.createIndex("state", "state");
        db.createObjectStore("known");   // choices, counters and lists, by name
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opening = null; };
        request.result.onclose = () => { opening = null; };
        resolve(request.result);
      };
      request.onerror = () => refuse(Object.assign(new Error(words.noStore), { name: request.error?.name, said: words.noStore }));
    });
    opening.catch(() => { opening = null; });
    return opening;
  }

  // A browser may close the database under a page, and says so at the next use alone: then it is opened anew, once.
  async function opened(act) {
    const db = await database();
    try {
      return await act(db);
    } catch (error) {
      if (error?.name !== "InvalidStateError") throw error;
      opening = null;
      try { db.close(); } catch { /* It is closed: that is what it said. */ }
      return act(await database());
    }
  }

  // Runs `body` with the stores; resolves once the transaction is on the disk. All of it is there then, or nothing.
  const write = (stores, body) => opened((db) => new Promise((resolve, refuse) => {
    const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
    let why = null;
    transaction.oncomplete = () => resolve();
    transaction.onerror = (event) => { why ??= event.target.error; };
    transaction.onabort = () => refuse(why ?? transaction.error ?? new DOMException("The transaction was ended.", "AbortError"));
    try {
      body(...stores.map((each) => transaction.objectStore(each)));
    } catch (error) {
      why = error;
      transaction.abort();
    }
  }));

  const read = (store, body) => opened((db) => new Promise((resolve, refuse) => {
    const request = body(db.transaction(store, "readonly").objectStore(store));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => refuse(request.error);
  }));

  const isFull = (error) => error?.name === "QuotaExceededError";
  const whyNot = (error) => isFull(error) ? words.full : error?.said ?? words.notWritten(error?.name ?? String(error));

  // What the browser says of the room on this phone: { persisted, usage, quota }, null where it does not tell.
  const room = { persisted: null, usage: null, quota: null };
  async function askRoom({ toPersist = false } = {}) {
    const storage = navigator.storage;
    try {
      room.persisted = await (toPersist ? storage?.persist?.() : storage?.persisted?.()) ?? room.persisted;
      const { usage = null, quota = null } = await storage?.estimate?.() ?? {};
      Object.assign(room, { usage, quota });
    } catch (error) {
      console.warn("The browser does not tell of the room on this phone.", error);
    }
    return room;
  }

  const known = async (name) => noted.has(name) ? noted.get(name) : read("known", (store) => store.get(name));
  async function know(name, value) {
    await write(["known"], (store) => store.put(value, name));
    noted.delete(name);
  }

  // Knows what is merely handy: where the disk takes nothing it holds as long as the page is open.
  const noted = new Map();
  async function note(name, value) {
    try {
      await know(name, value);
    } catch (error) {
      console.warn(`${name} could not be written; it holds as long as the page is open.`, error);
      noted.set(name, value);
    }
  }

  // ------------------------------------------------------------------------------------------------------ The items

  let items = [];
  let newest = 0;
  const listeners = new Set();
  const changed = () => { for (const each of listeners) each(); };

  const gone = new Set();
  async function load() {
    const before = new Set(items.map((each) => each.id));
    // What could not be written is as this page knows it.
    const found = (await read("items", (store) => store.getAll())).filter((each) => !gone.has(each.id))
      .map((each) => unwritten.get(each.id) ?? each);
    const there = new Set(found.map((each) => each.id));
    // What was taken while the disk was being read, and what it has no room for.
    const added = items.filter((each) => (!before.has(each.id) || unwritten.has(each.id)) && !there.has(each.id));
    items = [...found, ...added].sort((one, other) => one.order - other.order);
    newest = Math.max(newest, ...items.map((each) => each.order), 0);
    changed();
  }

  // That an item is on no disk: `item` is the whole of it, to be tried again; the message says why not and what to do.
  class NotKept extends Error {
    constructor(said, item) { super(said); this.item = item; }
  }

  // Takes an item: once this resolves it outlives a reload, a dead battery and a closed browser. Throws NotKept when it could not be
  // kept; then it was not taken. One that is tried again keeps its id and the time at which it was made.
  async function take(item) {
    newest = Math.max(newest + 1, Date.now());
    const whole = { id: uuid(), order: newest, at: new Date().toISOString(), state: "waiting", tries: 0, ...item };
    if (item.kind === "photo") {
      if (items.filter((each) => each.kind === "photo" && each.state !== "done").length >= mostPhotos) throw new NotKept(words.tooManyPhotos, whole);
      const { usage, quota } = await askRoom();
      if (quota !== null && quota - usage < roomForScans + item.blob.size) throw new NotKept(words.roomForScans, whole);
    }
    try {
      await writeSome([whole]);
    } catch (error) {
      throw new NotKept(whyNot(error), whole);
    }
    if (!items.some((each) => each.id === whole.id)) items.push(whole);
    if (!asked) { asked = true; askRoom({ toPersist: true }).then(changed); }
    changed();
    return whole;
  }
  let asked = false;

  // Puts items on the disk. Where there is no room, what the station has already makes some.
  async function writeSome(some) {
    const put = () => write(["items"], (store) => { for (const each of some) store.put(each); });
    try {
      await put();
    } catch (error) {
      if (!isFull(error) || !await forgetOld(0, some)) throw error;
      await put();
    }
    for (const each of some) unwritten.delete(each.id);
  }

  // Items of which the disk holds an older state, or none, for it took no more. They are only of what the station was asked: lost with the
  // page, they are asked again under their ids, which is harmless.
  const unwritten = new Map();

  // Keeps what became of items. A full disk must not hold up the sending, which is what makes room: then this page alone knows it, and
  // what the station has leaves the disk.
  async function keep(...some) {
    try {
      await writeSome(some);
    } catch (error) {
      console.warn("What became of the scans could not be written; the page goes by what it knows.", error);
      for (const each of some) unwritten.set(each.id, each);
      const done = some.filter((each) => each.state === "done");
      if (done.length) {
        try {
          await write(["items"], (store) => { for (const each of done) store.delete(each.id); });
        } catch { /* They are sent once more, and known there. */ }
      }
    }
    changed();
  }

  // A person lets go of an item: of one that waits only while the station cannot have it yet.
  async function letGo(item) {
    if (item.state === "waiting" && item.tries > 0) return false;
    // From here on it is not sent, not even while the disk takes its time.
    gone.add(item.id);
    try {
      await write(["items"], (store) => store.delete(item.id));
    } catch (error) {
      gone.delete(item.id);
      throw error;
    }
    unwritten.delete(item.id);
    items = items.filter((each) => each.id !== item.id);
    changed();
    return true;
  }

  async function tryAgain(item) {
    item.state = "waiting";
    item.said = null;
    await keep(item);
    return send();
  }

  // What the station has is kept for the lists, the newest of it. Gives back whether anything left the disk.
  async function forgetOld(most = mostDone, but = []) {
    // Asked for all, what left the disk before makes no more room.
    const done = items.filter((each) => each.state === "done" && !but.includes(each) && !(most === 0 && unwritten.has(each.id)));
    const old = new Set(done.slice(0, Math.max(0, done.length - most)));
    if (!old.size) return false;
    await write(["items"], (store) => { for (const each of old) store.delete(each.id); });
    // A list that is made room for is shown as long as the page is open.
    if (most) items = items.filter((each) => !old.has(each));
    else for (const each of old) unwritten.set(each.id, each);
    return true;
  }

  // ------------------------------------------------------------------------------------------------------ Sending

  // How it stands with the station: null before it was asked, "ok", "gone", "signIn" or "busy"; and who is signed in there.
  const standing = { state: null, words: "", person: null, next: 0 };
  let me = null;
  let failures = 0;
  let timer = null;

  class Pause extends Error {
    constructor(state, said, seconds) { super(said); this.state = state; this.seconds = seconds; }
  }

  async function ask(path, { method = "GET", body, id, person = me?.person, type = "application/json", background = false } = {}) {
    let answer;
    try {
      answer = await fetch(path, {
        method, body, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(20000),
        headers: { Accept: "application/json", ...(body ? { "Content-Type": type } : {}), ...(id ? { "Idempotency-Key": id } : {}),
          ...(person ? { "X-Custody-Operator": person } : {}), ...(background ? { "X-Custody-Background": "yes" } : {}) },
      });
    } catch {
      throw new Pause("gone", words.gone);
    }
    const said = await answer.json().catch(() => null);
    if (answer.status === 401) throw new Pause("signIn", words.signIn);
    if (answer.status === 429) throw new Pause("busy", words.busy, Number(answer.headers.get("Retry-After") ?? 2));
    if (answer.status >= 500) throw new Pause("busy", [said?.detail ?? words.fault, said?.remedy].filter(Boolean).join(" "));
    if (answer.status === 409 && said?.code === "access.otherPerson") throw new Pause("signIn", said.detail);
    if (answer.status === 409 && said?.code === "request.idempotencyKeyInUse") throw new Pause("busy", said.detail, 1);
    if (!said) throw new Pause("busy", words.unreadable);
    return { ok: answer.ok, status: answer.status, said };
  }

  const refused = (said) => ({ kind: "refused", words: said.title ?? said.words ?? words.refused, detail: said.detail ?? said.sentence ?? "",
    remedy: said.remedy ?? "", code: said.code ?? "" });

  // What waits and was made by who is signed in.
  const mine = () => items.filter((each) => each.state === "waiting" && each.person === me?.person && !stuck.has(each.id) && !gone.has(each.id));
  // Photos that were read and whose scans found no room: they wait, and hold nothing else up.
  const stuck = new Set();

  const senders = {
    // Of one count and one counter, in order, many at once. Each is judged by its own id.
    async count(first) {
      const waiting = mine().filter((each) => each.counter === first.counter).length;
      if (!told.has(first.counter) || waiting > 20) await counter(first.count, first.counter, first.place);
      // Looked at after that: what was taken back meanwhile is not sent.
      const some = mine().filter((each) => each.kind === "count" && each.count === first.count && each.counter === first.counter)
        .slice(0, first.alone ? 1 : batch);
      if (!some.length) return;
      // From here on the station may have them.
      for (const each of some) each.tries += 1;
      await keep(...some);
      const { ok, said } = await ask(`/api/v1/counts/${first.count}/observations`, {
        method: "POST", id: null, person: first.person,
        body: JSON.stringify({ counter: first.counter, observations: some.map((each) => ({ id: each.id, at: each.at, text: each.text,
          means: each.means, ...(each.place ? { place: each.place } : {}),
          ...(each.quantity == null ? {} : { quantity: each.quantity }),
          ...(each.symbologyIdentifier ? { symbologyIdentifier: each.symbologyIdentifier } : {}) })) }),
      });
      if (!ok) {
        // One that cannot be taken must not hold up the others: each is sent by itself.
        if (some.length > 1) for (const each of some) each.alone = true;
        else Object.assign(some[0], { state: "odd", said: refused(said) });
        return keep(...some);
      }
      let unanswered = false;
      const answers = new Map((said.items ?? []).map((each) => [each.id, each]));
      for (const each of some) {
        const answer = answers.get(each.id);
        // Only an answer for its very id lets it go.
        if (!answer) { unanswered = true; continue; }
        if (answer.outcome === "refused") Object.assign(each, { state: "odd", said: refused(answer) });
        else if (answer.outcome === "late") Object.assign(each, { state: "odd", isThere: true, said: { ...refused(answer), words: words.late } });
        else Object.assign(each, { state: "done", line: answer.line ?? null });
      }
      await keep(...some);
      if (unanswered) throw new Pause("busy", words.unreadable);
    },

    // What was scanned is taken back by an act of its own, which comes after it. What the station refused, or never had, counts nowhere.
    async undo(item) {
      const scan = items.find((each) => each.id === item.of);
      if (!(scan?.state === "odd" && !scan.isThere)) {
        item.tries += 1;
        await keep(item);
        const { ok, said } = await ask(`/api/v1/counts/${item.count}/observations/${item.of}/undo`, { method: "POST", person: item.person,
          body: JSON.stringify({ id: item.id, at: item.at }) });
        if (!ok && said.code !== "count.undo.unknown") {
          Object.assign(item, { state: "odd", said: refused(said) });
          return keep(item);
        }
      }
      // The station has both, and neither counts.
      const both = [item, scan].filter(Boolean);
      for (const each of both) { gone.add(each.id); unwritten.delete(each.id); }
      items = items.filter((each) => !gone.has(each.id));
      try {
        await write(["items"], (store) => { for (const each of both) store.delete(each.id); });
      } catch (error) {
        console.warn("What was taken back stays on the disk; it is taken back once more, which is harmless.", error);
      }
      changed();
    },

    async lookup(item) {
      item.tries += 1;
      await keep(item);
      const session = await lookupSession(item);
      const { ok, status, said } = await ask(`/api/v1/sessions/${session}/scans`, { method: "POST", id: item.id, person: item.person,
        body: JSON.stringify({ text: item.text, source: item.means === "keyed" ? "keyed" : "symbol", device: "phone",
          ...(item.symbologyIdentifier ? { symbologyIdentifier: item.symbologyIdentifier } : {}) }) });
      if (said.result) {
        // Found, unknown or unreadable: the reading is kept at the station, and this is what it says.
        Object.assign(item, { state: "done", said: { kind: said.result, words: said.words, detail: said.sentence ?? "",
          asset: said.asset?.tag ?? said.asset?.serial ?? "", title: [said.asset?.facts?.manufacturer, said.asset?.facts?.model].filter(Boolean).join(" "),
          href: said.asset ? `/assets/${said.asset.id}` : "" } });
      } else if (!ok && status === 404 || said.code === "session.closed") {
        await note(`lookups ${item.person}`, null);
        throw new Pause("busy", said.detail, 1);
      } else {
        Object.assign(item, { state: "odd", said: refused(said) });
      }
      return keep(item);
    },

    async signature(item) {
      item.tries += 1;
      await keep(item);
      const { ok, said } = await ask(`/api/v1/sessions/${item.session}/acknowledgement`, { method: "POST", id: item.id,
        person: item.person, body: JSON.stringify({ signature: item.picture, person: item.signer }) });
      if (ok) Object.assign(item, { state: "done", picture: null });
      else Object.assign(item, { state: "odd", said: refused(said) });
      return keep(item);
    },

    // The station reads the codes of a photo; what they are for was decided when it was taken. The scans that come of it and the end
    // of the photo are one write.
    async photo(item) {
      const { ok, said } = await ask("/api/v1/symbols?still=true", { method: "POST", body: item.blob, type: item.blob.type, person: item.person });
      const codes = ok ? said.symbols.filter((each) => !each.text.startsWith("CUSTODY:BADGE:")) : [];
      if (!ok) Object.assign(item, { state: "odd", said: refused(said) });
      else if (!codes.length) Object.assign(item, { state: "odd", said: { kind: "refused", words: said.symbols.length ? words.badge : words.noCode,
        detail: "", remedy: words.noCodeRemedy } });
      else {
        const scans = [...new Map(codes.map((each) => [each.text, each])).values()].map((each) => ({
          id: uuid(), order: ++newest, at: item.at, state: "waiting", tries: 0, kind: item.purpose, person: item.person, name: item.name,
          text: each.text, means: "barcode", symbologyIdentifier: each.symbologyIdentifier, count: item.count, counter: item.counter,
          place: item.place }));
        try {
          await write(["items"], (store) => { store.delete(item.id); for (const each of scans) store.add(each); });
        } catch (error) {
          console.warn("The scans of a photo could not be kept.", error);
          stuck.add(item.id);
          return changed();
        }
        items = [...items.filter((each) => each !== item), ...scans];
        return changed();
      }
      return keep(item);
    },
  };

  // The session of this person's lookups: nobody turns it to another act, so that a lookup that comes late is no act either.
  async function lookupSession(item) {
    const kept = await known(`lookups ${item.person}`);
    if (kept) return kept;
    const { ok, said } = await ask("/api/v1/sessions", { method: "POST", person: item.person, body: JSON.stringify({ workflow: "lookup" }) });
    if (!ok) throw new Pause("busy", said.detail ?? words.fault);
    await note(`lookups ${item.person}`, said.id);
    return said.id;
  }

  // Says to the station what this phone holds for a count: a number while some wait, null while somebody counts with it, for what
  // they see next may not come in for hours; 0 once they are done. So nobody closes the count over it by mistake.
  const told = new Map();
  async function counter(count, id, place, { done = false } = {}) {
    const waiting = items.filter((each) => each.state === "waiting" && each.counter === id).length;
    const held = waiting || (done ? 0 : null);
    const line = JSON.stringify([held === null, held, place ?? null]);
    if (told.get(id) === line) return null;
    const device = `phone ${id.slice(-4).toUpperCase()}`;
    const answer = await ask(`/api/v1/counts/${count}/counters/${id}`, { method: "PUT",
      body: JSON.stringify({ device, held, ...(place ? { place } : {}) }) });
    if (answer.ok) told.set(id, line);
    return answer;
  }

  let running = null;
  let wanted = false;
  // Sends all that may be sent, in order. One at a time, also over several open pages.
  function send() {
    clearTimeout(timer);
    if (running) { wanted = true; return running; }
    running = (navigator.locks ? navigator.locks.request("custody-phone-send", run) : run()).finally(() => {
      running = null;
      // What was taken as the last run ended.
      if (wanted) { wanted = false; send(); }
    });
    return running;
  }

  async function run() {
    try {
      // Another page may have sent some, or taken some.
      await load();
      if (!me) return;
      const found = await ask("/api/v1/me", { person: null, background: true });
      if (!found.ok) throw new Pause("busy", words.unreadable);
      standing.person = found.said.id;
      if (found.said.id !== me.person) throw new Pause("signIn", words.someoneElse);
      stuck.clear();
      stand("ok", "");
      do {
        wanted = false;
        for (let next = mine()[0]; next; next = mine()[0]) {
          await senders[next.kind](next);
          failures = 0;
        }
        await forgetOld();
        for (const each of idle) await each();
      } while (mine().length);
      failures = 0;
      if (stuck.size) throw new Pause("busy", words.cannotUnpack, 30);
    } catch (error) {
      if (!(error instanceof Pause)) console.warn("Sending stopped; it goes on by itself.", error);
      failures += 1;
      const seconds = Math.max(error.seconds ?? 0, pauses[Math.min(failures, pauses.length) - 1]);
      stand(error.state ?? "busy", error.message, seconds);
      timer = setTimeout(send, seconds * 1000);
    }
    changed();
  }

  function stand(state, said, seconds = 0) {
    const before = standing.state;
    Object.assign(standing, { state, words: said, next: seconds ? Date.now() + seconds * 1000 : 0 });
    if (before !== state) changed();
  }

  const idle = [];
  window.addEventListener("online", () => { failures = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });

  return {
    words, uuid, known, know, note, whyNot, take, keep, letGo, tryAgain, send, ask, counter, standing, room, askRoom, Pause, NotKept,
    /// Who is signed in on this page: items are made as theirs.
    async begin(person, name) { me = person ? { person, name } : null; await load(); },
    get items() { return items; },
    get unsent() { return items.filter((each) => each.state === "waiting"); },
    get odd() { return items.filter((each) => each.state === "odd"); },
    listen(each) { listeners.add(each); },
    /// What is done each time that nothing waits any longer.
    onIdle(each) { idle.push(each); },
  };
})();
