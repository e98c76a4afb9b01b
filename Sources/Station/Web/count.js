// A count's page: scans go one after the other, each under an id of its own, so that what is sent twice counts once. What could
// not be sent is kept over a reload and sent by itself when the station is back; until then the page says how many wait.
"use strict";

{
  const main = $("main[data-count]");
  const storeKey = `custody-count-${main.dataset.count}`;
  let waiting = [];
  let busy = false;
  let last = $("#result")?.dataset.resultId ?? "";

  // Takes the regions of an answer over; the scan field is in none of them.
  function show(text, { sounds = true } = {}) {
    const next = new DOMParser().parseFromString(text, "text/html");
    if (next.querySelector("main[data-count]")?.dataset.count !== main.dataset.count) return false;
    for (const region of $$("[data-region]", next)) {
      const old = document.getElementById(region.id);
      if (old && !old.contains(document.activeElement) && !old.isEqualNode(region)) old.replaceWith(region);
    }
    const result = $("#result");
    if (sounds && result?.dataset.resultId && result.dataset.resultId !== last) play(result.dataset.result);
    last = result?.dataset.resultId || last;
    if (!next.querySelector("main[data-scans]") && main.dataset.scans) location.reload();
    listen();
    return true;
  }

  function keep() {
    try {
      if (waiting.length) localStorage.setItem(storeKey, JSON.stringify(waiting));
      else localStorage.removeItem(storeKey);
    } catch (error) {
      console.warn("Scans that are not sent yet cannot be kept over a reload.", error);
    }
    const note = $("#count-waiting");
    note?.replaceChildren(...(waiting.length > 1 || (waiting.length && !busy)
      ? [element("p", { class: "notice notice-warning" }, localized("{#0} not sent yet. Do not close the count.", waiting.length))] : []));
  }

  async function send() {
    if (busy || !waiting.length) return;
    busy = true;
    keep();
    try {
      const answer = await fetch(main.dataset.scans, {
        method: "POST", body: new URLSearchParams(waiting[0]), credentials: "same-origin", signal: AbortSignal.timeout(15000),
        headers: { Accept: "text/html" },
      });
      if (new URL(answer.url).pathname.startsWith("/sign-in")) return location.assign("/sign-in");
      const page = await answer.text();
      // A fault of the station's is tried again; a "no" is an answer.
      if (answer.status >= 500) throw new Error(`The station answered ${answer.status}.`);
      waiting.shift();
      show(page);
      busy = false;
      keep();
      send();
    } catch (error) {
      console.warn("A scan could not be sent; it is sent again.", error);
      busy = false;
      keep();
      play("refused");
      setTimeout(send, 3000);
    }
  }

  document.addEventListener("scan", (event) => {
    waiting.push({ id: uuid(), at: new Date().toISOString(), text: event.detail });
    send();
  });

  if (main.dataset.scans) {
    try {
      waiting = JSON.parse(localStorage.getItem(storeKey) ?? "[]");
    } catch (error) {
      console.warn("Scans of an earlier page cannot be read.", error);
    }
    keep();
    send();
  }

  // What others count, and what readers see.
  let asked = 0;
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
      show(next.documentElement.outerHTML, { sounds: false });
    } catch (error) {
      console.warn("The page could not be asked for anew; it shows what was so before.", error);
    }
  }
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("count", (event) => { if (JSON.parse(event.data).count === main.dataset.count) renew(); });
}
