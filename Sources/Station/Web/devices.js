// A page of devices or printers follows what happens to them. What is being filled in stays as it is.
"use strict";

{
  const list = document.querySelector("[data-follows]");
  let asked = 0;

  // Whether a hand is at work in a form: it has the focus, is open, or holds what was not sent.
  const isBusy = (part) => part.contains(document.activeElement) || part.open
    || [...part.querySelectorAll("input, select")].some((each) => isChanged(each));

  function merge(page) {
    const next = page.getElementById(list.id);
    if (!next) return;
    const sections = [...next.children];
    for (const old of [...list.children]) if (!old.id || !sections.some((each) => each.id === old.id)) old.remove();
    sections.forEach((section, place) => {
      const old = section.id && document.getElementById(section.id);
      if (!old) return list.insertBefore(section, list.children[place] ?? null);
      // Why something was not done stands until it is tried again.
      if (old.hasAttribute("data-answer")) return;
      const kept = [...old.querySelectorAll("[data-part]")].filter((part) => part.dataset.part !== "state" && isBusy(part));
      for (const part of kept) {
        section.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceWith(part.cloneNode(false));
      }
      if (!kept.length) return old.isEqualNode(section) ? undefined : old.replaceWith(section);
      // Only what is not being filled in is taken over.
      old.className = section.className;
      for (const selector of ["header", "[data-part=state]"]) {
        const [was, is] = [old.querySelector(selector), section.querySelector(selector)];
        if (was && is && !was.isEqualNode(is)) was.replaceWith(is);
      }
    });
  }

  async function renew() {
    const mine = ++asked;
    try {
      const answer = await fetch(list.dataset.from, { headers: { Accept: "text/html", "X-Custody-Fragment": list.id } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === asked) merge(page);
      showCopy();
    } catch (error) {
      console.warn("The page could not be asked for anew; it shows what was so before.", error);
    }
  }

  const stream = new EventSource("/api/v1/stream");
  for (const name of list.dataset.follows.split(" ")) stream.addEventListener(name, renew);
  // What nobody tells by itself, such as a printer that runs out of labels, is asked for while somebody looks.
  const every = Number(list.dataset.every ?? 0);
  if (every > 0) setInterval(() => { if (document.visibilityState === "visible") renew(); }, every * 1000);
  // What the page missed while the line was down.
  stream.addEventListener("open", renew);
}
