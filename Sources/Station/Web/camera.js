// The page of one camera: its newest picture again and again, and over it the outline and text of every symbol in view.
"use strict";

{
  const lens = document.querySelector("#camera");
  const base = `/api/v1/cameras/${encodeURIComponent(lens.dataset.camera)}`;
  const picture = document.querySelector("#lens-picture");
  const marks = document.querySelector("#lens-marks");
  const list = document.querySelector("#lens-list");
  const still = document.querySelector("#lens-still");
  const tones = { accepted: "accepted", acceptedWithNote: "accepted", context: "accepted", duplicate: "duplicate", unknown: "unknown",
    refused: "refused", unassigned: "refused", lookup: "lookup" };
  const icons = { accepted: "check", duplicate: "equals", unknown: "question", refused: "cross", lookup: "search" };
  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // Colour and icon by what came of it; a dashed line while it is not sure, a thin one while nothing came of it.
  const look = (symbol) => symbol.state === "doubtful" || symbol.state === "waiting" ? symbol.state : tones[symbol.result] ?? "beside";

  // A look at one frame does not read every code in view: each is shown until it has not been read for as long as the looks
  // take to come round.
  const lasting = 600;
  const lately = new Map();
  function remembering(symbols) {
    const now = Date.now();
    for (const each of symbols) lately.set(`${each.symbology} ${each.text}`, { symbol: each, at: now });
    for (const [key, each] of lately) if (now - each.at > lasting) lately.delete(key);
    return [...lately.values()].map((each) => each.symbol);
  }

  let drawn = "";
  function draw(sight) {
    const symbols = remembering(sight.symbols);
    marks.setAttribute("viewBox", `0 0 ${sight.width} ${sight.height}`);
    // In the frame's pixels, and never smaller on the screen than can be read at arm's length.
    const size = Math.round(Math.max(sight.width / 42, (15 * sight.width) / (marks.clientWidth || sight.width)));
    marks.replaceChildren(...symbols.flatMap((symbol) => {
      const kind = look(symbol);
      const outline = svg("polygon", { points: symbol.corners.map((each) => each.join(",")).join(" "), class: `mark mark-${kind}` });
      const left = Math.min(...symbol.corners.map((each) => each[0]));
      const bottom = Math.max(...symbol.corners.map((each) => each[1]));
      const words = shown(symbol.text);
      const width = Math.min(sight.width, (words.length + 1) * size * 0.62);
      const x = Math.max(0, Math.min(left, sight.width - width));
      const y = Math.min(sight.height - size * 1.5, bottom + 4);
      const ground = svg("rect", { x, y, width, height: size * 1.45, class: `tag tag-${kind}` });
      const text = svg("text", { x: x + size * 0.3, y: y + size * 1.08, "font-size": size, class: `tag-text tag-text-${kind}` });
      text.textContent = words;
      return [outline, ground, text];
    }));
    const key = JSON.stringify(symbols.map((each) => [each.text, each.state, each.result]));
    if (key === drawn) return;
    drawn = key;
    list.replaceChildren(...symbols.map((symbol) => {
      const kind = look(symbol);
      const line = document.createElement("li");
      line.className = `seen-line seen-${kind}`;
      const code = document.createElement("code");
      code.textContent = shown(symbol.text);
      const words = document.createElement("span");
      words.textContent = symbol.words ?? { doubtful: localized("Not sure"), waiting: localized("Once more") }[kind] ?? localized("Of the same thing");
      if (icons[kind]) {
        const icon = svg("svg", { class: "icon", "aria-hidden": "true" });
        icon.append(svg("use", { href: `#i-${icons[kind]}` }));
        line.append(icon);
      }
      line.append(code, words);
      return line;
    }));
  }

  // Control characters by name, as everywhere on the desk.
  const shown = (text) => {
    const clear = visible(text);
    return clear.length > 48 ? `${clear.slice(0, 30)}…${clear.slice(-16)}` : clear;
  };

  let newest = 0;
  function openSights() {
    const stream = new EventSource(`${base}/sights`);
    stream.addEventListener("sight", (event) => {
      newest = Date.now();
      draw(JSON.parse(event.data));
    });
    stream.addEventListener("error", () => {
      // A stream that was refused for good is opened anew; one that only broke comes back by itself.
      if (stream.readyState === EventSource.CLOSED) setTimeout(openSights, 5000);
    });
  }

  // An outline without its symbol is worse than none.
  setInterval(() => { if (newest && Date.now() - newest > 2000) { marks.replaceChildren(); list.replaceChildren(); drawn = ""; newest = 0; } }, 1000);

  // One picture at a time, at most eight a second, none while nobody looks or before there is any.
  let tag = "";
  async function renew() {
    let wait = 120;
    try {
      if (!document.hidden && (newest || !picture.hidden)) {
        const answer = await fetch(`${base}/picture.jpg`, { cache: "no-store",
          headers: { "X-Custody-Background": "yes", ...(tag ? { "If-None-Match": tag } : {}) } });
        if (answer.status === 200) {
          tag = answer.headers.get("ETag") ?? "";
          const before = picture.src;
          picture.src = URL.createObjectURL(await answer.blob());
          await picture.decode();
          if (before.startsWith("blob:")) URL.revokeObjectURL(before);
          picture.hidden = false;
          still.hidden = true;
        } else if (answer.status === 404) {
          wait = 1000;
        } else if (answer.status === 401) {
          return location.assign("/sign-in");
        } else wait = 250;
      } else wait = 500;
    } catch {
      // The station does not answer; the bar at the bottom of other pages says so, here the picture stands still.
      still.textContent = localized("The station does not answer");
      still.hidden = false;
      wait = 2000;
    }
    setTimeout(renew, wait);
  }

  async function renewState() {
    try {
      const answer = await fetch(location.href, { headers: { "X-Custody-Fragment": "camera" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("#lens-state");
      if (next) document.querySelector("#lens-state").replaceChildren(...next.childNodes);
    } catch (error) {
      console.warn("The camera's state could not be asked for; the page shows what was so before.", error);
    }
  }

  openSights();
  renew();
  const stream = new EventSource("/api/v1/stream");
  for (const name of ["scan", "status"]) stream.addEventListener(name, renewState);
  setInterval(renewState, 5000);
}
