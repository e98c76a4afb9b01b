// The phone's scan screen: frames of its camera go to the station, at most three a second and one at a time; the station reads
// them, and the last five results stand below. Where a page may not use the camera, a photo does.
"use strict";

{
  const screen = document.querySelector("main.phone");
  const lens = document.querySelector("#phone-lens");
  const video = document.querySelector("#phone-video");
  const marks = document.querySelector("#phone-marks");
  const still = document.querySelector("#phone-still");
  const photo = document.querySelector("#phone-photo");
  const why = document.querySelector("#phone-why");
  const kinds = { accepted: "accepted", acceptedWithNote: "acceptedWithNote", context: "accepted", duplicate: "duplicate",
    unknown: "unknown", refused: "refused", unassigned: "refused", lookup: "lookup" };
  const interval = 340;

  async function showResults() {
    const answer = await fetch("/phone", { headers: { "X-Custody-Fragment": "1" } });
    if (answer.url.includes("/sign-in") || answer.status === 401) return location.assign("/sign-in?next=/phone");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("#phone-results");
    if (next) document.querySelector("#phone-results").replaceWith(next);
  }

  function outline(answer) {
    marks.setAttribute("viewBox", `0 0 ${answer.width} ${answer.height}`);
    marks.replaceChildren(...answer.symbols.map((symbol) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      made.setAttribute("points", symbol.corners.map((each) => each.join(",")).join(" "));
      const isSure = symbol.state === "counted" || symbol.state === "held";
      made.setAttribute("class", `mark mark-${isSure ? kinds[symbol.result] ?? "beside" : symbol.state}`);
      return made;
    }));
  }

  // A second of the result's colour around the picture, and its tone: the eye is on the box.
  let flash;
  function tell(scan) {
    const kind = kinds[scan.result] ?? "lookup";
    screen.dataset.result = kind;
    clearTimeout(flash);
    flash = setTimeout(() => delete screen.dataset.result, 1200);
    play(kind);
  }

  const canvas = document.createElement("canvas");
  async function frame() {
    const scale = Math.min(1, 1280 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    const context = canvas.getContext("2d", { willReadFrequently: false });
    // Gray: a third of the bytes, and all that a decoder looks at.
    context.filter = "grayscale(1)";
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.7));
  }

  async function send() {
    const started = Date.now();
    let wait = interval;
    try {
      if (!document.hidden && video.videoWidth) {
        const body = await frame();
        const answer = await fetch(`/api/v1/sessions/${screen.dataset.session}/frames`,
          { method: "POST", body, headers: { "Content-Type": "image/jpeg" }, signal: AbortSignal.timeout(10000) });
        if (answer.ok) {
          const said = await answer.json();
          still.hidden = true;
          outline(said);
          for (const scan of said.scans) tell(scan);
          // A carton asks something at the desk: amber, and the tone of a question.
          if (said.carton) tell({ result: "unknown" });
          if (said.scans.length || said.carton) await showResults();
        } else if (answer.status === 401) {
          return location.assign("/sign-in?next=/phone");
        } else if (answer.status === 429) {
          wait = 1000;
        } else {
          const problem = await answer.json().catch(() => ({ detail: localized("The station answered {#0}.", answer.status) }));
          say(`${problem.detail ?? ""} ${problem.remedy ?? ""}`);
          wait = 2000;
        }
      }
    } catch {
      say(localized("The station does not answer. It goes on by itself."));
      wait = 2000;
    }
    setTimeout(send, Math.max(30, wait - (Date.now() - started)));
  }

  function say(words) {
    still.textContent = words;
    still.hidden = false;
  }

  async function keepAwake() {
    try { await navigator.wakeLock?.request("screen"); } catch { /* A phone that saves its battery may refuse. */ }
  }

  function photoInstead(words) {
    lens.hidden = true;
    why.textContent = words;
    photo.hidden = false;
  }

  async function start() {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
      return photoInstead(localized("This address is not encrypted (https), so the browser keeps the camera from the page. Take a photo of the code."));
    }
    photo.hidden = true;
    lens.hidden = false;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia(
        { audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } });
      await video.play();
      still.hidden = true;
    } catch (error) {
      return photoInstead(error.name === "NotAllowedError"
        ? localized("The camera was not allowed. Allow it in the browser's settings of this page, or take a photo of the code.")
        : localized("The camera cannot be used. Take a photo of the code."));
    }
    keepAwake();
    document.addEventListener("visibilitychange", () => { if (!document.hidden) keepAwake(); });
    send();
  }

  document.querySelector("#workflow").addEventListener("change", (event) => event.target.form.submit());
  document.querySelector("#photo").addEventListener("change", (event) => { if (event.target.files.length) event.target.form.submit(); });
  document.addEventListener("pointerdown", unlockSound);
  start();
}
