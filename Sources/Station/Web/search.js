// Search as you type: what the index finds is shown in the place of the list. Enter looks through everything, as without this script.
"use strict";

(() => {
  const form = document.querySelector("form[data-search]");
  const field = form?.querySelector("input[type=search]");
  if (!field) return;
  let asked = field.value.trim();
  let isAsking = false;

  // One question at a time, and of what was typed meanwhile only the last: answers come in the order of the questions.
  async function ask() {
    const text = field.value.trim();
    if (isAsking || text === asked) return;
    isAsking = true;
    asked = text;
    const query = new URLSearchParams(new FormData(form));
    query.set("q", text);
    for (const [name, value] of [...query]) if (!value) query.delete(name);
    const address = `${form.action}${query.size ? `?${query}` : ""}`;
    query.set("typing", "true");
    try {
      const answer = await fetch(`${form.action}?${query}`, { headers: { Accept: "text/html" } });
      if (answer.redirected || !answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(form.dataset.search);
      // Somebody who presses Enter meanwhile is on the way to the whole page.
      if (found) document.querySelector(form.dataset.search).replaceChildren(...found.childNodes);
      history.replaceState(null, "", address);
    } catch {
      // The station does not answer: the list stays as it is, and Enter says so.
      asked = null;
    } finally {
      isAsking = false;
      if (asked !== null && field.value.trim() !== asked) ask();
    }
  }

  field.addEventListener("input", ask);
})();
