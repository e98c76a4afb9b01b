// Draws the label anew as its fields are typed. Without it a button does the same.
"use strict";

{
  const form = document.getElementById("label-form");
  let timer = 0;
  let asked = null;

  // What is wrong stands at its field; what is being typed stays as it is.
  function mark(page) {
    for (const field of form.querySelectorAll(".label-fields .field")) {
      const control = field.querySelector("input, select, textarea");
      const next = control && page.getElementById(control.id)?.closest(".field");
      if (!next) continue;
      field.className = next.className;
      field.querySelector(".error")?.remove();
      const error = next.querySelector(".error");
      if (error) field.append(error);
      if (error) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }

  async function draw() {
    asked?.abort();
    const mine = asked = new AbortController();
    const preview = form.querySelector("[data-part=preview]");
    preview.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), signal: mine.signal,
        headers: { Accept: "text/html", "X-Custody-Fragment": "label" },
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-part=preview]");
      if (!next) throw new Error(`the station answered ${answer.status}`);
      // A picture that stands there already is not blinked away.
      if (mine === asked) {
        if (next.querySelector("img") || !preview.querySelector("img")) preview.replaceWith(next);
        else {
          next.append(...[...preview.querySelectorAll("figure")].map((each) => (each.classList.add("is-old"), each)));
          preview.replaceWith(next);
        }
        mark(page);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      preview.removeAttribute("aria-busy");
      console.warn("The label could not be drawn anew.", error);
    }
  }

  const later = (event) => {
    if (!event.target.closest(".label-fields, #field-dpi, #field-printer")) return;
    clearTimeout(timer);
    timer = setTimeout(draw, event.type === "change" ? 0 : 120);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  document.getElementById("label-show").hidden = true;
}
