// A disposal order's page works without this. It adds: scans are sent one after the other without a page load, none is lost
// while an answer is on its way, the station has a fault or nobody is signed in any longer, each result is heard, and the field listens
// whatever was touched.
"use strict";

{
  const parts = ["head", "steps", "result", "progress", "forms", "lines"].map((each) => `disposal-${each}`);
  const scanInput = () => document.getElementById("disposal-scan");
  const isTyping = (each) => Boolean(each?.matches?.("input:not([type=checkbox]):not([type=file]):not([type=hidden]), select, textarea"));
  // The order's own address: a page that tells why something was not done stands at the address of that act.
  const number = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  const page = `/disposals/${encodeURIComponent(number)}`;
  const scans = keptScans(`disposal-${number}`);
  // Whether this page is being left: for another one, or by a form whose answer is a page of its own.
  let leaving = false;
  let sending = false;
  // Counts what was asked for: an answer that was overtaken is not shown.
  let asked = 0;

  const focusScan = () => { if (!isTyping(document.activeElement)) scanInput()?.focus({ preventScroll: true }); };

  // Whether a hand is at work in a part of the page: then it stays as it is.
  const isBusy = (part) => part.contains(document.activeElement) && isTyping(document.activeElement)
    || [...part.querySelectorAll("input, select")].some((each) =>
      each.type === "checkbox" ? each.checked !== each.defaultChecked
        : each.type === "file" ? each.files.length > 0
          : each.tagName === "INPUT" && each.type !== "hidden" && each.value !== each.defaultValue);

  // Takes over what an answer shows. A page that is another by now (sealed meanwhile, signed out) is gone to as a whole.
  function show(answer, text, { isResult }) {
    if (!new URL(answer.url).pathname.startsWith("/disposals/")) return location.assign(answer.url);
    const next = new DOMParser().parseFromString(text, "text/html");
    const form = document.getElementById("disposal-scan-form");
    if (form?.getAttribute("action") !== next.getElementById("disposal-scan-form")?.getAttribute("action")) {
      return location.assign(page);
    }
    for (const id of parts) {
      const [was, is] = [document.getElementById(id), next.getElementById(id)];
      if (!was || !is || was.isEqualNode(is) || (id === "disposal-result" && !isResult)) continue;
      if (id === "disposal-forms" && isBusy(was)) continue;
      was.replaceWith(is);
    }
    if (isResult) {
      const result = document.querySelector("#disposal-result [data-result]");
      document.documentElement.dataset.answered = Number(document.documentElement.dataset.answered ?? 0) + 1;
      if (result) play(result.dataset.result);
    }
    relativeTimes();
    focusScan();
  }

  // What others scanned in this browser waits until they sign in here.
  function showWaiting(failed) {
    document.getElementById("disposal-queue")?.replaceChildren(...scans.all().map((each) => {
      const item = document.createElement("li");
      item.textContent = !scans.isMine(each) ? `${each.text}: ${localized("scanned by {0}: sign in as {1} to send", each.name, each.name)}`
        : failed ? localized("{0}: not sent yet", each.text) : each.text;
      return item;
    }));
  }

  function leave(to) {
    leaving = true;
    location.assign(to);
  }

  // In the order in which they were scanned, one at a time. What could not be sent, and what meets a fault of the station's, is tried
  // again; it goes as of who scanned it, and waits while that is somebody else than who is signed in.
  async function send() {
    if (sending) return;
    sending = true;
    for (let scan = scans.mine()[0]; scan; scan = scans.mine()[0]) {
      asked += 1;
      try {
        const answer = await fetch(scan.action, {
          method: "POST", body: new URLSearchParams({ text: scan.text }), credentials: "same-origin",
          signal: AbortSignal.timeout(15000), headers: { Accept: "text/html", "X-Custody-Operator": scan.person },
        });
        const text = await answer.text();
        if (new URL(answer.url).pathname.startsWith("/sign-in")) return leave("/sign-in");
        if (answer.status >= 500) throw new Error(`The station answered ${answer.status}.`);
        if (isOfAnother(new DOMParser().parseFromString(text, "text/html"))) return leave(page);
        scans.letGo(scan);
        showWaiting(false);
        show(answer, text, { isResult: true });
      } catch (error) {
        console.warn("A scan could not be sent; it is tried again.", error);
        showWaiting(true);
        await new Promise((done) => setTimeout(done, 2000));
      }
    }
    sending = false;
    showWaiting(true);
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "disposal-scan-form") {
      if (!event.defaultPrevented) leaving = true;
      return;
    }
    event.preventDefault();
    const field = scanInput();
    const text = field.value;
    field.value = "";
    if (text.trim() === "") return;
    scans.add(text, { action: event.target.getAttribute("action") });
    showWaiting(false);
    send();
  });

  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (scans.unkept.length && !leaving) event.preventDefault(); });

  // A scanner types wherever the focus is: outside of a field its text belongs into the scan field.
  document.addEventListener("keydown", (event) => {
    const plain = event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && !isTyping(event.target)) scanInput()?.focus({ preventScroll: true });
  }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("input, select, textarea, label, summary, a, button") && !getSelection()?.toString()) {
      scanInput()?.focus({ preventScroll: true });
    }
  });

  // On a touch screen the scanner is the keyboard; the one on the screen comes when it is asked for.
  const keyboard = document.getElementById("disposal-keyboard");
  const touch = matchMedia("(pointer: coarse)");
  if (keyboard) {
    const quiet = () => { keyboard.hidden = !touch.matches; if (touch.matches) scanInput().inputMode = "none"; };
    quiet();
    touch.addEventListener("change", quiet);
    keyboard.addEventListener("click", () => {
      const field = scanInput();
      const on = field.inputMode === "none";
      field.inputMode = on ? "text" : "none";
      keyboard.setAttribute("aria-pressed", String(on));
      field.blur();
      field.focus();
    });
  }

  // What others do with the order is seen here too.
  async function renew() {
    if (sending || leaving) return;
    const mine = ++asked;
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html", "X-Custody-Fragment": "disposal" } });
      const text = await answer.text();
      if (mine === asked && !leaving) show(answer, text, { isResult: false });
    } catch (error) {
      console.warn("The page could not be asked for anew; it shows what was so before.", error);
    }
  }
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("disposal", (event) => {
    if (JSON.parse(event.data).number === number) renew();
  });
  focusScan();
  if (scans.all().length) {
    showWaiting(true);
    send();
  }
}
