// A count's page: scans go one after the other, each under an id of its own, so that what is sent twice counts once. What could
// not be sent is kept over a reload and a sign-out, as of who scanned it, and sent by itself when the station is back and they are
// signed in; until then the page says how many wait.
"use strict";

{
  const main = $("main[data-count]");
  const count = main.dataset.count;
  const scans = keptScans(`count-${count}`);
  const { mine } = scans;
  let busy = false;
  let retry = null;
  // Counts what was asked for: a page that was overtaken by a scan is not shown.
  let asked = 0;
  let last = $("#result")?.dataset.resultId ?? "";
  // Whether somebody scanned on this page, not long ago.
  let counting = false;
  let quietTimer = null;
  let telling = Promise.resolve();
  const counters = new Map();

  const isPlace = (text) => /^(\][A-Za-z][0-9A-Za-z])?CUSTODY:LOC:/.test(text.trim());

  // Takes the regions of an answer over; the scan field is in none of them.
  function show(text, { sounds = true } = {}) {
    const next = new DOMParser().parseFromString(text, "text/html");
    const nextMain = next.querySelector("main[data-count]");
    if (nextMain?.dataset.count !== count) return false;
    hideOwn(next);
    for (const region of $$("[data-region]", next)) {
      const old = document.getElementById(region.id);
      if (old && !old.contains(document.activeElement) && !old.isEqualNode(region)) old.replaceWith(region);
    }
    main.dataset.place = nextMain.dataset.place ?? "";
    const result = $("#result");
    if (sounds && result?.dataset.resultId && result.dataset.resultId !== last) play(result.dataset.result);
    last = result?.dataset.resultId || last;
    if (!nextMain.dataset.scans && main.dataset.scans) location.assign(`/counts/${count}`);
    // A hand may be at work in another field, such as how many there are: what it types next is no scan.
    if (!isEditable(document.activeElement)) listen();
    return true;
  }

  // What somebody scanned counts where they stood, so each has its place.
  function take(text) {
    counting = true;
    clearTimeout(quietTimer);
    quietTimer = setTimeout(() => { counting = false; say(); }, quiet);
    // While the label of a place is on its way, the place is known to the station once it has that.
    scans.add(text, { place: scans.mine().some((each) => isPlace(each.text)) ? "" : main.dataset.place ?? "" });
  }

  function showWaiting() {
    const all = scans.all();
    const own = all.filter(scans.isMine).length;
    const others = new Map();
    for (const each of all) if (!scans.isMine(each)) others.set(each.name, (others.get(each.name) ?? 0) + 1);
    const words = own > 1 || (own && !busy) ? [localized("{#0} not sent yet. Do not close the count.", own)] : [];
    for (const [name, number] of others) words.push(localized("{#0} scanned by {1}: sign in as {2} to send", number, name, name));
    const note = $("#count-waiting");
    if (note && note.dataset.words !== words.join("\n")) {
      note.dataset.words = words.join("\n");
      note.replaceChildren(...words.map((each) => element("p", { class: "notice notice-warning" }, each)));
    }
  }

  // ---------------------------------------------------------------------------------- What this browser says that it holds

  // A browser counts under an id of its own for each person. From its first scan on the station is told that some may be out, for the
  // network may go at any time; once the page is left, closes the count, or was quiet for so long, how many wait: mostly none.
  const quiet = 5 * 60000;
  const counterKey = () => `custody-count-${count}-counter-${operatorId()}`;

  // { id, told }, where `told` is what the station knows: null while somebody counts, else a number; absent while that is not sure.
  function counter() {
    try {
      return JSON.parse(localStorage.getItem(counterKey())) ?? counters.get(counterKey()) ?? null;
    } catch (error) {
      console.warn("What was said of this browser before cannot be read.", error);
      return counters.get(counterKey()) ?? null;
    }
  }

  function note(one) {
    counters.set(counterKey(), one);
    try { localStorage.setItem(counterKey(), JSON.stringify(one)); } catch (error) {
      console.warn("The id under which this browser counts cannot be kept over a reload.", error);
    }
  }

  async function tell({ leaving = false } = {}) {
    const known = counter();
    const held = counting ? null : mine().length;
    if (!main.dataset.sends || (known ? known.told === held : held === 0)) return;
    const id = known?.id ?? uuid();
    note({ id });
    hideOwn(document);
    try {
      const answer = await fetch(`/api/v1/counts/${count}/counters/${id}`, {
        method: "PUT", body: JSON.stringify({ device: `browser ${id.slice(-4).toUpperCase()}`, held }), keepalive: true,
        credentials: "same-origin", ...(leaving ? {} : { signal: AbortSignal.timeout(15000) }),
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-Custody-Operator": operatorId(),
          "X-Custody-Background": "yes" },
      });
      if (answer.ok && !leaving) note({ id, told: held });
    } catch (error) {
      console.warn("The station was not told what this browser holds; it is told with the next scan.", error);
    }
  }

  // One after the other, so that the last word is the last.
  const say = () => { telling = telling.then(() => tell()); return telling; };

  // What this very browser holds, its page says by itself.
  function hideOwn(from) {
    const id = counter()?.id;
    if (id) for (const each of $$("[data-counter]", from)) if (each.dataset.counter === id) each.remove();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const known = counter();
    if (!known) return;
    if (form.getAttribute("action") === `/counts/${count}/close`) {
      // With the wish to close comes what this page holds: nobody waits for the page before them.
      for (const each of $$("input[type=hidden]", form)) each.remove();
      for (const [name, value] of [["counter", known.id], ["held", mine().length]]) {
        form.append(element("input", { type: "hidden", name, value }));
      }
    } else if (form.getAttribute("action") === "/sign-out" && known.told !== mine().length) {
      // Afterwards nobody would be there who may say it.
      event.preventDefault();
      counting = false;
      Promise.race([say(), new Promise((done) => setTimeout(done, 1500))]).then(() => form.submit());
    }
  });
  addEventListener("pagehide", () => {
    counting = false;
    clearTimeout(quietTimer);
    tell({ leaving: true });
  });
  addEventListener("pageshow", (event) => { if (event.persisted && counter()) say(); });

  // ------------------------------------------------------------------------------------------------------------- Sending

  async function send() {
    clearTimeout(retry);
    if (busy) return;
    const item = main.dataset.sends ? mine()[0] : null;
    busy = Boolean(item);
    showWaiting();
    if (!item) return;
    asked += 1;
    try {
      const answer = await fetch(main.dataset.sends, {
        method: "POST", body: new URLSearchParams({ id: item.id, at: item.at, text: item.text, ...(item.place ? { place: item.place } : {}),
          counter: counter()?.id ?? "", held: mine().length - 1 }),
        credentials: "same-origin", signal: AbortSignal.timeout(15000),
        headers: { Accept: "text/html", "X-Custody-Operator": item.person },
      });
      if (new URL(answer.url).pathname.startsWith("/sign-in")) return location.assign("/sign-in");
      const page = await answer.text();
      const next = new DOMParser().parseFromString(page, "text/html");
      // Somebody else is signed in by now: the page is theirs, and what waits here is not.
      if (isOfAnother(next)) return location.assign(`/counts/${count}`);
      // A fault of the station's is tried again; a "no" is an answer, on the count's page.
      if (answer.status >= 500 || next.querySelector("main[data-count]")?.dataset.count !== count) {
        throw new Error(`The station answered ${answer.status}.`);
      }
      scans.letGo(item);
      show(page);
      busy = false;
      if (!mine().length) say();
      send();
    } catch (error) {
      console.warn("A scan could not be sent; it is sent again.", error);
      busy = false;
      showWaiting();
      play("refused");
      retry = setTimeout(send, 3000);
    }
  }

  document.addEventListener("scan", (event) => {
    take(event.detail);
    say();
    send();
  });

  hideOwn(document);
  if (counter()) say();
  send();

  // What others count, and what readers see.
  async function renew() {
    if (busy) return;
    const mine = ++asked;
    try {
      const at = new URL(location.href);
      at.searchParams.delete("seen");
      const answer = await fetch(at, { headers: { Accept: "text/html", "X-Custody-Fragment": "count" } });
      const page = await answer.text();
      if (mine !== asked || busy || !answer.ok) return;
      const next = new DOMParser().parseFromString(page, "text/html");
      next.querySelector("#result")?.remove();
      next.querySelector("#count-in-hand")?.remove();
      show(next.documentElement.outerHTML, { sounds: false });
    } catch (error) {
      console.warn("The page could not be asked for anew; it shows what was so before.", error);
    }
  }
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("count", (event) => { if (JSON.parse(event.data).count === count) renew(); });
}
