// The page of the tags follows what the readers hear: at once when something comes or goes, at most once a second; counts and
// signals every three seconds. The page is rendered by the station; this only takes its newest form over.
"use strict";

{
  const region = () => document.querySelector("#tags");
  let last = 0;
  let waiting = null;
  // What goes to and fro in a door is not told of without end.
  let heard = 0;

  async function renew() {
    waiting = null;
    last = Date.now();
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { cache: "no-store", headers: { "X-Custody-Fragment": "tags" } });
      if (answer.redirected && new URL(answer.url).pathname.startsWith("/sign-in")) return location.assign("/sign-in");
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#tags");
      if (next && !region().isEqualNode(next)) {
        // The keyboard stays where it is.
        const focused = region().contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        region().replaceChildren(...next.childNodes);
        if (focused) region().querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
      }
    } catch (error) {
      console.warn("The tags could not be asked for; the page shows what was so before.", error);
    }
  }

  function soon() {
    waiting ??= setTimeout(renew, Math.max(0, last + 1000 - Date.now()));
  }

  function listen() {
    const stream = new EventSource("/api/v1/tags/stream");
    for (const name of ["tag", "passage", "reader", "reload"]) stream.addEventListener(name, soon);
    stream.addEventListener("passage", (event) => {
      const passage = JSON.parse(event.data);
      if (passage.verdict !== "notExpected" || Date.now() < heard + 3000) return;
      heard = Date.now();
      tellDoor({ door: passage.doorway, asset: passage.asset?.name ?? passage.epc, to: passage.to });
    });
    stream.addEventListener("open", soon);
    stream.addEventListener("error", () => {
      // A stream that was refused for good is opened anew; one that only broke comes back by itself.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    });
  }

  listen();
  setInterval(soon, 3000);
  document.addEventListener("visibilitychange", soon);
}
