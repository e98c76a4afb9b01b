// Scanners that the station itself reads type into no window. On a page that takes scans, this brings what they read, as if it had
// been typed where the focus is; while the page is seen, for the station hands each scan to one page alone.
"use strict";

{
  const field = () => $("#list-scan") ?? $("#disposal-scan") ?? $("main[data-scans] #scan");
  const fields = () => $$("[data-scannable]");
  const id = newId();
  let stream = null;

  // Where a scanner in keyboard mode would have typed it.
  function place() {
    const active = document.activeElement;
    if (isEditable(active) && (active === field() || active.matches("[data-scannable]") || active.id.endsWith("-badge"))) return active;
    return field() ?? fields().find((each) => each.value === "");
  }

  function type(text) {
    const into = place();
    if (!into) return play("unknown");
    if (into.id === "scan") return scanText(text);
    into.value = text;
    into.dispatchEvent(new Event("input", { bubbles: true }));
    if (into === field()) return into.form.requestSubmit();
    // A badge is followed by its PIN, a drive's serial by that of the next drive. Nothing is recorded by a scan into a form.
    const pin = into.name === "badge" && into.form?.elements.pin;
    (pin || fields().find((each) => each.value === ""))?.focus();
  }

  function tell({ words, sentence, remedy }) {
    play("refused");
    $("#not-scanned")?.remove();
    $("main").prepend(element("div", { id: "not-scanned", class: "problem", role: "alert" },
      element("div", {}, element("p", {}, element("b", {}, words)), element("p", {}, sentence), element("p", {}, remedy))));
  }

  function open() {
    if (stream || document.hidden || !place()) return;
    stream = new EventSource(`/desk/listen?id=${id}`);
    stream.addEventListener("open", () => { root.dataset.listens = "true"; });
    stream.addEventListener("scan", (event) => { $("#not-scanned")?.remove(); type(JSON.parse(event.data).text); });
    stream.addEventListener("refused", (event) => tell(JSON.parse(event.data)));
    // Of a page for which the desk's scanners do not act, nothing more is asked.
    stream.addEventListener("error", () => {
      delete root.dataset.listens;
      if (stream?.readyState === EventSource.CLOSED) stream = null;
    });
  }

  function close() {
    if (!stream) return;
    stream.close();
    stream = null;
    delete root.dataset.listens;
    navigator.sendBeacon("/desk/listen/end", new URLSearchParams({ id }));
  }

  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else open(); });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
