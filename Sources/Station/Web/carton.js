// The carton on the desk: a touch on an outline opens the choice of its code, Enter in the empty scan field confirms what
// is on the screen. Without this script the outlines are links to the codes, and the forms work all the same.
"use strict";

document.addEventListener("click", (event) => {
  const outline = event.target.closest?.(".outline");
  if (!outline) return;
  event.preventDefault();
  openCode(outline.getAttribute("href").slice(1));
});

function openCode(id) {
  const line = document.getElementById(id);
  const choice = line?.querySelector("details");
  if (!choice) return;
  for (const other of document.querySelectorAll(".reassign[open]")) if (other !== choice) other.open = false;
  choice.open = true;
  line.scrollIntoView({ block: "nearest" });
  choice.querySelector("button")?.focus();
}

// A line and its outline are lit together.
for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => {
    const carton = document.getElementById("carton");
    const id = event.target.closest?.(".code-line")?.id ?? event.target.closest?.(".outline")?.getAttribute("href").slice(1);
    for (const each of carton?.querySelectorAll(".is-lit") ?? []) each.classList.remove("is-lit");
    if (!id) return;
    document.getElementById(id)?.classList.add("is-lit");
    carton?.querySelector(`.outline[href="#${CSS.escape(id)}"]`)?.classList.add("is-lit");
  });
}

// Enter confirms only a carton that the banner speaks of, what is on the screen and has been for a moment: a scanner that ends its scan with two line ends
// must not receive a carton that came up between them.
let typed = 0;
let shown = { carton: "", at: 0 };
document.addEventListener("keydown", (event) => { if (event.key.length === 1) typed = event.timeStamp; }, true);
new MutationObserver(() => {
  const form = document.getElementById("carton-form");
  const carton = form?.dataset.form ?? "";
  if (carton !== shown.carton) shown = { carton, at: performance.now() };
}).observe(document.body, { childList: true, subtree: true });
shown = { carton: document.getElementById("carton-form")?.dataset.form ?? "", at: -1000 };

document.addEventListener("submit", (event) => {
  const field = document.getElementById("scan");
  if (event.target.id !== "scan-form" || field.value.trim() !== "") return;
  const confirm = document.querySelector("#carton-form .button-receive:not(:disabled)");
  const now = performance.now();
  // What was scanned last may be of another box.
  if (document.getElementById("result")?.dataset.confirms !== "carton") return;
  if (!confirm || now - typed < 800 || now - shown.at < 800 || document.body.classList.contains("is-waiting")) return;
  confirm.click();
}, true);
