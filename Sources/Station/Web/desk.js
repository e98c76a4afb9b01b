// The desk's script. Every page works without it; it adds: answers without a page load, a queue so that no scan is
// lost or acts on an old result, live updates, tones, keys. It keeps no truth of its own but scans not yet sent.
"use strict";

const root = document.documentElement;
root.classList.add("js");
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const scanField = () => $("#scan");
const coarse = matchMedia("(pointer: coarse)");

// A text in the language of the page, with its places filled in: "{0}", or "{#0}" for a number. In English there are no words
// to be looked up. The station finds these texts by this very call, so each stands in it as one literal.
function localized(text, ...values) {
  return (globalThis.custodyWords?.[text] ?? text).replace(/\{#?(\d)\}/g, (_, at) => values[at]);
}

// ---------------------------------------------------------------------------------------------- Tones and vibration

const tones = {
  accepted: { notes: [[880, 880, 0, 0.06], [1320, 1320, 0.06, 0.06]], gain: 0.5, shake: [40] },
  duplicate: { notes: [[660, 660, 0, 0.14]], gain: 0.22, shake: [30] },
  unknown: { notes: [[440, 440, 0, 0.12], [440, 440, 0.18, 0.12]], gain: 0.5, shake: [60, 60, 60] },
  refused: { notes: [[330, 220, 0, 0.35]], gain: 0.6, shake: [220] },
  // A label came out and is to be scanned.
  awaited: { notes: [[523, 523, 0, 0.08], [784, 784, 0.1, 0.08], [523, 523, 0.2, 0.08]], gain: 0.4, shake: [40, 40, 40] },
};
tones.acceptedWithNote = tones.accepted;

const sound = { context: null, owner: !navigator.locks, busyUntil: 0 };

// A browser lets a page sound only after a first touch or key: call this from one.
function unlockSound() {
  const Context = window.AudioContext;
  if (!Context) return showSound();
  sound.context ??= new Context();
  if (sound.context.state === "running") return ownSound();
  showSound();
  sound.context.resume().then(ownSound, showSound);
}

// Of several pages of one desk, one sounds: the first whose sound is unlocked holds the lock until it is closed.
function ownSound() {
  showSound();
  if (sound.owner || sound.asked || sound.context?.state !== "running") return;
  sound.asked = true;
  navigator.locks.request(`custody-sound-${root.dataset.desk}`, () => {
    sound.owner = true;
    return new Promise(() => {});
  });
}

function showSound() {
  const lamp = $("#sound");
  if (lamp) lamp.hidden = sound.context?.state === "running";
}

function play(result) {
  const tone = tones[result];
  if (!tone) return;
  root.dataset.tone = result;
  root.dataset.tones = Number(root.dataset.tones ?? 0) + 1;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(tone.shake);
  const context = sound.context;
  if (!sound.owner || context?.state !== "running") return showSound();
  const now = context.currentTime;
  // In a burst only the news is heard: a tone that could not start within a second is left out.
  if (sound.busyUntil > now + 1 && tone === tones.accepted) return;
  const start = Math.max(now, sound.busyUntil);
  const loud = tone.gain * Number(root.dataset.volume ?? 60) / 100;
  for (const [from, to, after, lasts] of tone.notes) {
    const note = context.createOscillator();
    const gain = context.createGain();
    const begin = start + after;
    note.frequency.setValueAtTime(from, begin);
    if (to !== from) note.frequency.linearRampToValueAtTime(to, begin + lasts);
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(loud, begin + 0.005);
    gain.gain.setValueAtTime(loud, begin + lasts - 0.01);
    gain.gain.linearRampToValueAtTime(0, begin + lasts);
    note.connect(gain).connect(context.destination);
    note.start(begin);
    note.stop(begin + lasts);
    sound.busyUntil = begin + lasts + 0.05;
  }
}

// ------------------------------------------------------------------------------------------------- Swapping in pages

let shownResult = $("#result")?.dataset.resultId ?? "";
const seenResults = new Set([shownResult]);

// Takes the regions of a fragment over into the page. The scan field is in no region, so what is being typed stays.
// `sent` is the form that the answer is for: its fields show what the station says, all others keep unsent changes. The form
// `left` stays as it is: a hand may be at work in it.
function swap(text, { sent = null, sounds = true, left = null } = {}) {
  const next = new DOMParser().parseFromString(text, "text/html");
  const main = next.querySelector("main#desk");
  if (!main || !$("main#desk")) return false;
  $("main#desk").className = main.className;
  $("main#desk").dataset.session = main.dataset.session;
  const kept = unsentFields(sent);
  const awaited = Boolean($("#awaited .awaited-words"));
  const focused = document.activeElement?.id;
  const scrolled = new Map($$("[data-region], [data-region] *").filter((each) => each.scrollTop > 0 && each.id)
    .map((each) => [each.id, each.scrollTop]));
  for (const region of $$("[data-region]", next)) {
    const old = document.getElementById(region.id);
    if (!old || old.isEqualNode(region) || (left && swapAround(left, old, region))) continue;
    for (const name of old.getAttributeNames()) if (!region.hasAttribute(name)) old.removeAttribute(name);
    for (const name of region.getAttributeNames()) old.setAttribute(name, region.getAttribute(name));
    old.replaceChildren(...region.childNodes);
  }
  for (const [id, top] of scrolled) { const each = document.getElementById(id); if (each) each.scrollTop = top; }
  restoreFields(kept);
  // What was sent is done with, also where the station shows the same form as before.
  const answered = sent && $(`form[data-form="${CSS.escape(sent)}"]`);
  if (answered) answered.reset();
  const result = $("#result");
  shownResult = result.dataset.resultId;
  const fresh = !shownResult || !seenResults.has(shownResult);
  if (shownResult) seenResults.add(shownResult);
  // What has just happened stands at the head of the lines: a list that was pushed down to look at others goes back to it.
  if (fresh && $("#lines")) $("#lines").scrollTop = 0;
  if (sounds && fresh) play(result.dataset.result);
  else if (sounds && !awaited && $("#awaited .awaited-words")) play("awaited");
  if (sendable().length) showNotSent();
  if (unsent.length) showOffline();
  showSound();
  relativeTimes();
  const again = focused && document.getElementById(focused);
  // A second person who was not recognised begins again, with the badge.
  const retry = sent?.startsWith("second-") && answered?.closest("details")?.open && $("input[required]", answered);
  if (retry) retry.focus();
  else if (again && isEditable(again)) { if (again !== document.activeElement) again.focus(); } else listen();
  return true;
}

// Takes over a region but for the form in it that a hand may be at work in: of that only its folded line, which says what holds.
function swapAround(id, old, next) {
  const [form, shown] = [old, next].map((each) => $(`:scope > details[id="${CSS.escape(id)}"]`, each));
  if (!form || !shown) return false;
  $(":scope > summary", form).replaceChildren(...$(":scope > summary", shown).childNodes);
  for (const each of [...old.childNodes]) if (each !== form) each.remove();
  let isBehind = false;
  for (const each of [...next.childNodes]) {
    if (each === shown) isBehind = true;
    else if (isBehind) old.append(each);
    else form.before(each);
  }
  return true;
}

// Fields that differ from what the station sent, by form and name; only of forms that stay.
function unsentFields(sent) {
  const kept = [];
  for (const form of $$("form[data-form]")) {
    if (form.dataset.form === sent) continue;
    for (const each of form.elements) {
      if (isChanged(each)) kept.push({ form: form.dataset.form, name: each.name, value: each.value, checked: each.checked });
    }
  }
  // What a hand opened or closed, or is at work in, stays as it is; the rest follows the station.
  const folds = $$("details[id], details.group, details.further").filter((each) => each.id !== sent && (each.dataset.byHand
    || each.contains(document.activeElement) || kept.some(({ form }) => form === each.id))).map((each) => [each.id || each.querySelector("summary").textContent, each.open, each.dataset.byHand]);
  return { kept, folds };
}

function restoreFields({ kept, folds }) {
  for (const { form, name, value, checked } of kept) {
    const each = $(`form[data-form="${CSS.escape(form)}"]`)?.elements.namedItem(name);
    if (each) { each.value = value; if (each.type === "checkbox") each.checked = checked; }
  }
  for (const each of $$("details[id], details.group, details.further")) {
    const known = folds.find(([name]) => name === (each.id || each.querySelector("summary").textContent));
    if (known && !each.querySelector(":scope .has-error")) { each.open = known[1]; if (known[2]) each.dataset.byHand = "true"; }
  }
}

function isChanged(each) {
  if (!each.name || each.type === "hidden") return false;
  if (each.type === "checkbox" || each.type === "radio") return each.checked !== each.defaultChecked;
  if (each.options) return [...each.options].some((option, at) => option.selected !== (option.defaultSelected ||
    (at === 0 && ![...each.options].some((other) => other.defaultSelected))));
  return each.value !== each.defaultValue;
}

// ------------------------------------------------------------------------------------- The queue: one after the other

// An item is { id, url, body, label, scan, at, by, byId, session, act, after, private }. `queue[0]` is on its way while
// `sending`. What the station could not be asked stands in `unsent`, visibly, until the operator sends or discards it: an
// order of scans has a meaning, so later ones wait behind it. It is sent for the person who did it (`byId`) and into the
// session that the desk was at then (`session`), or right behind what it followed (`after`), and never otherwise: the
// station holds the page to that too.
const queue = [];
let unsent = [];
let sending = false;
let stationGone = false;
// The item that the station took last.
let lastTaken = null;
const operatorId = () => $("[data-operator]")?.dataset.operator ?? "";
const deskSession = () => $("main#desk")?.dataset.session ?? "none";

const isMine = (each) => each.byId === operatorId();

// What waits for nothing but to be sent: done by who is signed in, in the session that the desk is at, or behind such.
function sendable() {
  const known = new Set([lastTaken]);
  return unsent.filter((each) => {
    const can = isMine(each) && (each.session === deskSession() || known.has(each.after));
    if (can) known.add(each.id);
    return can;
  });
}
const storeKey = `custody-unsent-${root.dataset.desk}`;

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// An id of our own for what the station keeps (RFC 9562 §5.7): the time in milliseconds, then random bits.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at -= 1) { bytes[at] = time % 256; time = Math.floor(time / 256); }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// Scans of a page of its own kind (a count's, a disposal order's) that the station does not have yet, in order. An item is
// { id, order, at, text, person, name, … }: it is sent as of the person who made it and of nobody else, so it outlives a reload and
// a sign-in. Each is kept under a name of its own: pages of one browser do not write over what another one keeps.
function keptScans(page) {
  const prefix = `custody-${page}-scan-`;
  // What does not outlive the page: a badge's text, and what the browser has no room for.
  const unkept = [];
  let newest = 0;
  function all() {
    const found = [...unkept];
    try {
      for (const key of Object.keys(localStorage)) {
        const kept = key.startsWith(prefix) && localStorage.getItem(key);
        if (kept) found.push(JSON.parse(kept));
      }
    } catch (error) {
      console.warn("Scans of an earlier page cannot be read.", error);
    }
    return found.sort((one, other) => one.order - other.order);
  }
  return {
    all, unkept,
    isMine: (item) => item.person === operatorId(),
    mine: () => all().filter((each) => each.person === operatorId()),
    add(text, more = {}) {
      newest = Math.max(newest + 1, Date.now());
      const item = { id: uuid(), order: newest, at: new Date().toISOString(), text, person: operatorId(),
        name: $("[data-operator]")?.textContent ?? "", ...more };
      if (text.includes("CUSTODY:BADGE:")) return unkept.push(item);
      try {
        localStorage.setItem(prefix + item.id, JSON.stringify(item));
      } catch (error) {
        unkept.push(item);
        console.warn("A scan that is not sent yet cannot be kept over a reload.", error);
      }
    },
    letGo(item) {
      const at = unkept.findIndex((each) => each.id === item.id);
      if (at >= 0) unkept.splice(at, 1);
      else localStorage.removeItem(prefix + item.id);
    },
  };
}

// Whether the station did not take something since somebody else is signed in by now than did it.
function isOfAnother(page) { return page.querySelector(".blank-code code")?.textContent === "access.otherPerson"; }

function enqueue(item) {
  const waiting = sendable();
  const whole = { id: newId(), at: new Date().toISOString(), by: $("[data-operator]")?.textContent ?? "", byId: operatorId(),
    session: deskSession(), act: $(".bar-workflow b")?.textContent ?? "", after: (queue.at(-1) ?? waiting.at(-1))?.id ?? "", ...item };
  if (waiting.length) { unsent.push(whole); keepUnsent(); showOffline(); showNotSent(); return play("refused"); }
  queue.push(whole);
  keepUnsent();
  showQueue();
  send();
}

async function send() {
  if (sending || !queue.length) return;
  sending = true;
  const item = queue[0];
  // Details that a hand has left change nothing of what is shown: the result of the last scan and its ways stay.
  const slow = setInterval(() => {
    const shown = queue.find((each) => !each.quiet);
    if (shown) { clearInterval(slow); showPending(shown); }
  }, 250);
  document.body.classList.add("is-waiting");
  let failure = null;
  try {
    const answer = await fetch(item.url, {
      method: "POST", body: item.body, credentials: "same-origin", signal: AbortSignal.timeout(item.patience ?? 15000),
      headers: { "X-Custody-Fragment": "desk", "Idempotency-Key": item.id, "X-Custody-Operator": item.byId,
        ...(item.after && item.after === lastTaken ? {} : { "X-Custody-Session": item.session }) },
    });
    const page = await answer.text();
    clearInterval(slow);
    if (new URL(answer.url).pathname.startsWith("/sign-in") || answer.status === 401) failure = { signIn: true };
    // What is asked for beside the form, and what the banner misses, may be answered by it. What waits behind it shows all of that.
    else if (item.quiet && answer.ok && isTaken(page, item.form)) { if (queue.length === 1) swap(page, { left: item.form }); }
    else if (!swap(page, { sent: item.form })) failure = answer.ok
      ? { words: localized("The station gave an answer that this page does not know. Reload the page.") }
      : { words: problemWords(answer, page), elsewhere: answer.status === 409 };
  } catch (error) {
    failure = { gone: true, words: error.name === "TimeoutError" ? localized("The station did not answer in time.") : localized("The station cannot be reached.") };
  }
  clearInterval(slow);
  sending = false;
  if (failure) {
    // Nothing is tried again by itself: whether the station has it is not known, and the operator must see that.
    unsent = [...unsent, ...queue.splice(0).filter((each) => !each.private)];
    stationGone = Boolean(failure.gone);
    keepUnsent();
    if (failure.signIn) return location.assign("/sign-in");
    showOffline(failure.words);
    showNotSent();
    play("refused");
    // The desk is somebody else's, or at another session, than this page shows.
    if (failure.elsewhere) refresh({ sounds: false });
  } else {
    lastTaken = queue.shift().id;
    keepUnsent();
    if (queue.length === 0 && heard) { heard = false; refresh(); }
  }
  if (!queue.length) document.body.classList.remove("is-waiting");
  showQueue();
  if (pictures.length) sendNextPicture();
  send();
}

// Whether the station's page shows a form without a fault.
function isTaken(page, form) {
  const shown = new DOMParser().parseFromString(page, "text/html").querySelector(`form[data-form="${CSS.escape(form)}"]`);
  return Boolean(shown) && !shown.querySelector(".form-error, .has-error");
}

function problemWords(answer, page) {
  try {
    const problem = JSON.parse(page);
    return [problem.title, problem.detail, problem.remedy].filter(Boolean).join(" ");
  } catch {
    const parsed = new DOMParser().parseFromString(page, "text/html").querySelector("main h1, h1")?.textContent;
    return parsed || localized("The station answered {#0}.", answer.status);
  }
}

function showQueue() {
  const list = $("#queue");
  if (list) list.replaceChildren(...queue.map((each) => element("li", {}, `${visible(each.label)} …`)));
}

// What the page itself has to say about a scan stands where its result would: an older result must not be taken for it.
function showInResult(kind, iconName, words, item, detail) {
  const result = $("#result");
  if (!result) return;
  result.dataset.result = kind;
  result.dataset.resultId = "";
  delete result.dataset.confirms;
  result.classList.remove("has-form");
  $(".result-icon use", result)?.setAttribute("href", `#i-${iconName}`);
  $(".result-words", result)?.replaceChildren(element("p", { class: "result-headline" }, words),
    element("p", { class: "result-asset" }, element("code", {}, visible(item.label))),
    detail ? element("p", { class: "result-detail" }, detail) : "");
  $(".result-ways", result)?.replaceChildren();
  $(".context-form", result)?.remove();
}

function showPending(item) { showInResult("pending", "clock", localized("Working…"), item); }

function showNotSent() {
  const last = sendable().at(-1) ?? unsent.at(-1);
  if (last) showInResult("offline", "offline", localized("Not sent"), last,
    localized("It may not be recorded. It is kept below, to be sent or discarded; sent twice, it counts once."));
}

// Scans outlive a reload of this page. Pictures and anything with a PIN do not.
function keepUnsent() {
  const keep = [...unsent, ...queue].filter((each) => each.scan);
  try {
    if (keep.length) sessionStorage.setItem(storeKey, JSON.stringify(keep.map(({ body, ...each }) => each)));
    else sessionStorage.removeItem(storeKey);
  } catch (error) {
    console.warn("Unsent scans cannot be kept over a reload.", error);
  }
}

function scanBody(text) { return new URLSearchParams({ text }); }

function loadUnsent() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storeKey) ?? "[]");
    unsent = kept.map((each) => ({ ...each, body: scanBody(each.text) }));
  } catch (error) {
    console.warn("Unsent scans of an earlier page cannot be read.", error);
  }
  if (!unsent.length) return;
  showOffline(localized("These scans may not have been sent before the page was left."));
  if (sendable().length) showNotSent();
}

let offlineWords = "";
function showOffline(words = offlineWords) {
  offlineWords = words;
  const bar = $("#offline");
  if (!bar) return;
  bar.hidden = !unsent.length && !stationGone;
  if (bar.hidden) return bar.replaceChildren();
  const mine = unsent.filter(isMine);
  const head = element("p", {}, icon(stationGone ? "offline" : "warning"), element("b", {}, stationGone
    ? words || localized("The station cannot be reached.") : words || localized("The station is back.")));
  if (unsent.length) {
    head.append(` ${localized("{#0} not sent.", unsent.length)} `);
    if (mine.length) head.append(button(localized("Send {#0} now", mine.length), () => {
      queue.push(...unsent.filter(isMine));
      unsent = unsent.filter((each) => !isMine(each));
      stationGone = false;
      offlineWords = "";
      showOffline();
      showQueue();
      send();
      listen();
    }));
  }
  const list = element("ol", {}, ...unsent.map((each) => element("li", {}, element("code", {}, visible(each.label)),
    element("time", { datetime: each.at }, new Date(each.at).toLocaleTimeString(root.lang, { hour12: false })),
    !isMine(each) ? element("b", {}, localized("scanned by {0}: sign in as {1} to send", each.by, each.by))
      : sendable().includes(each) ? "" : element("b", {}, each.act ? localized("scanned in {0}", each.act) : localized("scanned in no session")),
    button(localized("Discard"), () => { unsent = unsent.filter((other) => other !== each); keepUnsent(); showOffline(); refresh({ sounds: false }); listen(); }))));
  bar.replaceChildren(head, list);
}

function stationBack() {
  if (!stationGone) return;
  stationGone = false;
  showOffline(localized("The station is back."));
}

// ------------------------------------------------------------------------------------------------------ Live updates

let heard = false;
// A page that is being left asks nothing more, least of all as somebody who has just signed out.
let leaving = false;
window.addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 5000); });

// One question at a time: what happens while one is on its way asks once more behind it.
let asking = false;
let askAgain = null;
let overtaken = false;

async function refresh({ sounds = true } = {}) {
  if (leaving) return;
  if (sending) { heard = true; return; }
  if (asking) { askAgain = { sounds: sounds || Boolean(askAgain?.sounds) }; return; }
  asking = true;
  try {
    const answer = await fetch("/desk", { headers: { "X-Custody-Fragment": "desk" }, signal: AbortSignal.timeout(15000) });
    if (new URL(answer.url).pathname.startsWith("/sign-in") || answer.status === 401) return location.assign("/sign-in");
    const page = await answer.text();
    if (sending) heard = true;
    else if (answer.ok && !overtaken) swap(page, { sounds });
    stationBack();
  } catch {
    stationGone = true;
    showOffline(localized("The station cannot be reached."));
  } finally {
    asking = false;
    overtaken = false;
  }
  const next = askAgain;
  askAgain = null;
  if (next) refresh(next);
}

// Lamps and counts can wait until the scan that they follow is shown. If they bring it before its own event does, they
// bring its tone as well.
let statusTimer = null;
function refreshStatus(wait = 150) {
  statusTimer ??= setTimeout(() => { statusTimer = null; refresh(); }, wait);
}

// What came of a scanner's scan comes without being asked for; the rest of the desk is asked for behind it. A picture of
// the desk that is still on its way may be older, so it is not shown.
function showDesk(page) {
  if (leaving) return;
  if (sending) { heard = true; return; }
  if (asking) { askAgain ??= { sounds: false }; overtaken = true; }
  swap(page);
  stationBack();
  refreshStatus(20);
}

// The answer to what this page did itself shows what became of it.
function isOwn(act) { return Boolean(act) && (act === lastTaken || queue.some((each) => each.id === act)); }

function openStream() {
  const stream = new EventSource("/desk/stream");
  let lost = false;
  stream.addEventListener("open", () => {
    if (lost) refresh();
    lost = false;
  });
  stream.addEventListener("error", () => {
    if (lost) return;
    lost = true;
    refresh({ sounds: false });
    // A stream that was refused for good is opened anew; one that only broke comes back by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(openStream, 5000);
  });
  stream.addEventListener("scan", (event) => {
    const scan = JSON.parse(event.data);
    if (scan.desk && root.dataset.desk && scan.desk !== root.dataset.desk) return;
    if (scan.id && seenResults.has(scan.id)) return;
    refresh();
  });
  stream.addEventListener("desk", (event) => showDesk(event.data));
  stream.addEventListener("status", (event) => { if (!isOwn(JSON.parse(event.data).act)) refreshStatus(); });
  // A label came out of the printer: the next scan is to be it.
  stream.addEventListener("labels", () => refresh());
  stream.addEventListener("door", (event) => { tellDoor(JSON.parse(event.data)); refreshStatus(); });
}

// Something went through a door that should not have: heard, and shown until a hand puts it away. Nothing else changes, so that the
// next scan is always possible.
function tellDoor({ door, asset, to }) {
  play("refused");
  $("#door-told")?.remove();
  const words = to === "inside" ? localized("{0} came in through {1}, and was not expected.", asset, door)
    : localized("{0} went out through {1}, and was not expected.", asset, door);
  const told = element("div", { id: "door-told", class: "offline door-told", role: "alert" },
    element("p", {}, element("b", {}, words), " ",
      element("a", { class: "button", href: "/follow-ups" }, localized("What to do")),
      button(localized("Put away"), () => told.remove())));
  document.body.append(told);
}

// -------------------------------------------------------------------------------------- The scan field always listens

const typing = "input:not([type=checkbox]):not([type=file]), select, textarea";
const isEditable = (each) => Boolean(each?.matches?.(typing)) && each.type !== "hidden";

function listen() {
  const field = scanField();
  if (field && document.activeElement !== field) field.focus({ preventScroll: true });
}

let taken = -1000;

// Takes the text that stands in the field now, so that the next scan meets an empty one; then looks at what it is.
function takeScan() {
  const field = scanField();
  const text = field.value;
  field.value = "";
  const now = performance.now();
  if (text.trim() !== "") return scanText(text);
  // A scanner that ends its scan with two line ends has not scanned nothing; and a carton is confirmed by an empty Enter.
  if (now - taken > 800 && !$("#carton-form")) showNothingScanned(field);
}

// An Enter too many is told where it was typed: the last result stays.
function showNothingScanned(field) {
  const usual = field.dataset.placeholder ??= field.placeholder;
  field.placeholder = localized("Nothing scanned yet");
  field.classList.add("is-nothing");
  setTimeout(() => { field.placeholder = usual; field.classList.remove("is-nothing"); }, 4000);
}

function scanText(text) {
  taken = performance.now();
  // A page of its own kind, such as a count's, takes its scans itself.
  if ($("main[data-scans]")) return document.dispatchEvent(new CustomEvent("scan", { detail: text }));
  sendChangedDetails();
  enqueue({ url: "/desk/scans", body: scanBody(text), text, label: text, scan: true });
}

// What stands in the details form holds for the next scan. A scan of this page is sent after it, in the same queue; a scanner
// at the station does not pass through this page, so the form is sent as soon as a hand has left it.
function sendChangedDetails() {
  clearTimeout(detailsTimer);
  const form = $("form[data-before-scan]");
  if (form && [...form.elements].some(isChanged)) enqueueForm(form, null, { quiet: true });
}

let detailsTimer;
for (const [kind, wait] of [["input", 700], ["change", 0]]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.form?.matches("form[data-before-scan]") || unsent.length) return;
    clearTimeout(detailsTimer);
    detailsTimer = setTimeout(sendChangedDetails, wait);
  });
}

// `quiet`: the form stays as the hand has it, but where the answer has a fault to show.
function enqueueForm(form, submitter, { quiet = false } = {}) {
  const data = new FormData(form, submitter);
  const hasPIN = Boolean($("input[type=password]", form));
  const url = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  enqueue({ url, body: new URLSearchParams(data), form: form.dataset.form, private: hasPIN, quiet,
    label: (submitter ?? $("button", form))?.querySelector(".choice-label, span")?.firstChild?.textContent
      ?? (submitter ?? $("button", form))?.firstChild?.textContent?.trim() ?? "" });
  if (hasPIN) for (const each of $$("input[type=password]", form)) each.value = "";
  // Sent values are no longer changes: the answer says what holds.
  else for (const each of form.elements) {
    if (each.options) for (const option of each.options) option.defaultSelected = option.selected;
    else if (each.type === "checkbox") each.defaultChecked = each.checked;
    else if (isEditable(each)) each.defaultValue = each.value;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "sign-in") return unlockSound();
  if (form.id === "scan-form" && $("main[data-scans]")) { event.preventDefault(); takeScan(); return; }
  if (!$("main#desk")) return;
  if (form.id === "scan-form") { event.preventDefault(); takeScan(); return; }
  if (form.id === "picture-form") { event.preventDefault(); sendPictures($("#picture").files); return; }
  if (!form.matches("[data-live]")) return;
  event.preventDefault();
  form.closest("details[data-menu]:not(.is-choosing *)")?.removeAttribute("open");
  // A button that scans for the hand goes after the details, as a scan does.
  if (form.getAttribute("action") === "/desk/scans") sendChangedDetails();
  enqueueForm(form, event.submitter);
  listen();
});

document.addEventListener("paste", (event) => {
  const pictures = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (pictures.length && $("#picture-form")) { event.preventDefault(); return sendPictures(pictures); }
  if (event.target !== scanField()) return;
  const lines = (event.clipboardData?.getData("text") ?? "").split(/\r\n|\n|\r/).filter((line) => line.trim());
  if (lines.length < 2) return;
  event.preventDefault();
  lines.forEach(scanText);
});

// A scanner types faster than any hand. Text of such a burst in a field that takes no scans is taken out of it.
const burst = { target: null, before: "", index: 0, count: 0, last: 0 };

document.addEventListener("keydown", (event) => {
  unlockSound();
  const field = scanField();
  const quick = event.timeStamp - burst.last < 35;
  const plain = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (plain && field) {
    if (!isEditable(event.target)) { field.focus({ preventScroll: true }); }
    const target = document.activeElement;
    if (!quick || burst.target !== target) Object.assign(burst, { target, before: target.value, index: target.selectedIndex, count: 0, text: "" });
    burst.count += 1;
    burst.text += event.key;
    if (target === field && event.key === "/" && field.value === "") waitForSearch(field);
  }
  if (field && event.ctrlKey && !event.altKey && event.target === field && (event.key === "]" || event.key === "^")) {
    // Scanners in keyboard mode send the separators of GS1 and ISO 15434 so.
    event.preventDefault();
    field.setRangeText(event.key === "]" ? "\x1d" : "\x1e", field.selectionStart, field.selectionEnd, "end");
  }
  const wasBurst = quick && burst.count >= 5;
  if (plain || event.key === "Shift") burst.last = event.timeStamp;
  if (event.key === "Enter") {
    const target = event.target;
    if (field && wasBurst && target === burst.target && target !== field && isEditable(target) && !target.matches("[data-scannable]")
      && !mayBePIN(target, burst.text)) {
      event.preventDefault();
      const text = burst.text;
      if (target.options) target.selectedIndex = burst.index; else target.value = burst.before;
      listen();
      return scanText(text);
    }
    if (target.id.endsWith("-badge") && target.form?.elements.pin?.value === "") { event.preventDefault(); target.form.elements.pin.focus(); }
    if (target.id === "badge" && target.form?.id === "sign-in" && !$("#pin").value) { event.preventDefault(); $("#pin").focus(); }
    return;
  }
  if (event.key === "Escape") return escape(event);
  if (event.key === "/" && !isEditable(event.target) && !field) { event.preventDefault(); return search(); }
  if (/^F\d+$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.shiftKey) {
    const way = $(`[data-key="${event.key}"]:not(:disabled)`);
    // A function key within a scan is a scanner's doing, not a hand's.
    if (way || $("main#desk")) event.preventDefault();
    if (way && !quick && !field?.value) press(way);
  }
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest?.("[data-menu][open]")) {
    event.preventDefault();
    const all = $$("summary, a, button", event.target.closest("[data-menu]"));
    all[(all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]?.focus();
  }
});

// Digits in the field of a PIN are a PIN, however fast they come: taken for a scan, they would be kept and shown.
const mayBePIN = (target, text) => target.type === "password" && /^\d*$/.test(text);

function press(way) {
  if (way.matches("summary")) {
    const menu = way.parentElement;
    if (!$("main#desk.is-choosing") || menu.matches(".bar-menu")) menu.open = !menu.open;
    if (menu.open) $("a, form button", menu)?.focus(); else listen();
  } else way.click();
}

function waitForSearch(field) {
  setTimeout(() => { if (field.value === "/") { field.value = ""; search(); } }, 250);
}

function search() {
  const query = $("#q");
  if (query) { query.focus(); query.select(); } else location.assign("/assets?q=");
}

function escape(event) {
  const open = $$("details[data-menu][open], .bar details[open]").filter((each) => !each.closest(".is-choosing .workflows"));
  if (open.length) { for (const each of open) each.open = false; event.preventDefault(); return listen(); }
  const field = scanField();
  if (field && document.activeElement === field) { field.value = ""; return; }
  if (field) { event.preventDefault(); return listen(); }
  if (isEditable(event.target)) return event.target.blur();
  if (!$("#sign-in")) location.assign("/");
}

// Whatever else is touched, the next scan goes into the scan field. A field that is chosen keeps the focus until Enter.
let byPointer = false;
document.addEventListener("pointerdown", () => { byPointer = true; unlockSound(); });
document.addEventListener("keydown", () => { byPointer = false; }, true);
document.addEventListener("click", (event) => {
  const summary = event.target.closest("summary");
  if (summary) summary.parentElement.dataset.byHand = "true";
  for (const menu of $$(".menu[open]")) if (!menu.contains(event.target) && !menu.closest(".is-choosing .workflows")) menu.open = false;
  if (!scanField() || event.target.closest(typing + ", label, .offline")) return;
  if (byPointer && !getSelection()?.toString()) listen();
});
document.addEventListener("change", (event) => {
  if (event.target.id === "picture") return sendPictures(event.target.files);
  if (byPointer && event.target.matches("select, input[type=checkbox], input[type=date]")) listen();
});
window.addEventListener("focus", () => { if (!isEditable(document.activeElement)) listen(); });

// ---------------------------------------------------------------------------------------------------------- Pictures

// Of pictures that are given together the first is sent; while the desk receives, each of the others waits until the carton
// before it is done with, since a picture takes the place of the carton that lies there.
let pictures = [];

function sendPictures(files) {
  sendChangedDetails();
  const [first, ...others] = files;
  pictures.push(...others);
  if (first) sendPicture(first);
  sendNextPicture();
  const input = $("#picture");
  if (input) input.value = "";
  listen();
}

function sendPicture(file) {
  const body = new FormData();
  body.append("picture", file, file.name);
  enqueue({ url: "/desk/pictures", body, label: file.name || localized("Picture"), patience: 60000 });
}

function sendNextPicture() {
  const receives = deskSession().split("/")[1] === "receive";
  while (pictures.length && !(receives && (sending || queue.length || unsent.length || $("#carton-form")))) {
    sendPicture(pictures.shift());
  }
  showPictures();
}

// What waits stands above the desk, with the way to let go of it.
function showPictures() {
  $("#pictures-waiting")?.remove();
  if (!pictures.length) return;
  const words = pictures.length === 1 ? localized("1 more picture waits until this carton is received or set aside.")
    : localized("{#0} more pictures wait until this carton is received or set aside.", pictures.length);
  const line = element("div", { id: "pictures-waiting", class: "notice notice-plain", role: "status" }, element("p", {}, words),
    button(localized("Discard"), () => { pictures = []; showPictures(); listen(); }));
  $("main#desk")?.before(line);
}

let dragged = 0;
function showDrop(by) {
  dragged = Math.max(0, dragged + by);
  const drop = $("#drop");
  if (drop) drop.hidden = dragged === 0;
}
if ($("#drop")) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragenter", (event) => { if (hasFiles(event)) showDrop(1); });
  document.addEventListener("dragleave", (event) => { if (hasFiles(event)) showDrop(-1); });
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    showDrop(-dragged);
    sendPictures(event.dataTransfer.files);
  });
}

// ------------------------------------------------------------------------------------------------------ Small things

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(label, act) {
  const made = element("button", { type: "button", class: "button" }, label);
  made.addEventListener("click", act);
  return made;
}

function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  made.append(use);
  return made;
}

// Control characters by name, so that two codes that differ look different.
const controls = ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS "
  + "RS US").split(" ");
function visible(text) {
  return text.replace(/[\x00-\x1f\x7f]/g, (each) => `⟨${controls[each.charCodeAt(0)] ?? "DEL"}⟩`);
}

// Whether a time is told by its distance, as `just now` and `5 min ago`, and not by the clock.
function isNear(text) {
  return text === localized("just now") || text.replace(/\d+/, "0") === localized("{#0} min ago", 0);
}

// Near times grow old on a page that stays open. The exact one stands in the title.
function relativeTimes() {
  for (const each of $$("time[datetime]")) {
    const seconds = (Date.now() - Date.parse(each.dateTime)) / 1000;
    if (!(seconds >= 0) || seconds >= 3600 || !isNear(each.textContent)) continue;
    each.textContent = seconds < 60 ? localized("just now") : localized("{#0} min ago", Math.floor(seconds / 60));
  }
}
setInterval(relativeTimes, 30000);

function showCopy() {
  if (navigator.clipboard) for (const copy of $$("[data-copy]")) copy.hidden = false;
}
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  await navigator.clipboard.writeText($(`#${CSS.escape(copy.dataset.copy)}`).textContent);
  $("span", copy).textContent = localized("Copied");
});
showCopy();

const pad = $("#pad");
if (pad) {
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const digit = event.target.closest("[data-digit]")?.dataset.digit;
    const pin = $("#pin");
    if (!digit) return;
    if (digit === "clear") pin.value = "";
    else if (digit === "back") pin.value = pin.value.slice(0, -1);
    else pin.value += digit;
    if (!coarse.matches) pin.focus();
  });
  for (const fill of $$(".fill")) fill.addEventListener("click", () => {
    // Of somebody else than whose badge was read.
    if (!$("#badge")) $("#sign-in [name=offer]").replaceWith(element("input", { id: "badge", name: "badge", type: "hidden" }));
    $(".gate-known")?.remove();
    $("#badge").value = fill.dataset.badge;
    $("#pin").value = fill.dataset.pin;
    $("#sign-in button[type=submit]").focus();
  });
  if (!$("#badge") || $("#badge").value) $("#pin").focus();
  // A badge reader of the desk has read a badge: the page that comes asks its PIN.
  if ($("#sign-in").matches("[data-listens]")) {
    new EventSource("/sign-in/stream").addEventListener("badge", () => location.replace("/sign-in"));
  }
}

const field = scanField();
if (field) {
  // On a touch screen the scanner is the keyboard; the one on the screen comes when it is asked for.
  const keyboard = $("#keyboard");
  const quiet = () => { keyboard.hidden = !coarse.matches; if (coarse.matches) field.inputMode = "none"; };
  quiet();
  coarse.addEventListener("change", quiet);
  keyboard.addEventListener("click", () => {
    const on = field.inputMode === "none";
    field.inputMode = on ? "text" : "none";
    keyboard.setAttribute("aria-pressed", String(on));
    field.blur();
    field.focus();
  });
  if ($("main#desk")) {
    loadUnsent();
    openStream();
  }
  unlockSound();
  listen();
}
