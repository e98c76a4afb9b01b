// The signature pad: a finger, a pen or a mouse draws on a canvas; what was drawn goes along as a PNG when the form is sent.
// Events are taken at the document, since the desk swaps its regions.
"use strict";

(() => {
  let drawing = null;
  // Which pads were begun, and whether anything was drawn: kept here and not in the page, which stays as the station sent it, so
  // that a live update leaves the pad alone.
  const pads = new WeakMap();

  const pad = (target) => target.closest?.("canvas.signature");

  function place(canvas, event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  }

  // White below, so that the picture says the same in every viewer.
  function begin(canvas) {
    const context = canvas.getContext("2d");
    if (!pads.has(canvas)) {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      pads.set(canvas, false);
    }
    Object.assign(context, { strokeStyle: "#000", fillStyle: "#000", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    return context;
  }

  document.addEventListener("pointerdown", (event) => {
    const canvas = pad(event.target);
    if (!canvas || event.button > 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const context = begin(canvas);
    context.beginPath();
    context.moveTo(...place(canvas, event));
    drawing = { canvas, context, pointer: event.pointerId };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drawing || event.pointerId !== drawing.pointer) return;
    for (const each of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      drawing.context.lineTo(...place(drawing.canvas, each));
    }
    drawing.context.stroke();
    pads.set(drawing.canvas, true);
  });

  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, (event) => { if (drawing?.pointer === event.pointerId) drawing = null; });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-clears]");
    const canvas = button?.form?.querySelector("canvas.signature");
    if (!canvas) return;
    pads.delete(canvas);
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  });

  // Before the desk's own listener takes the form: an empty pad is told at the pad.
  document.addEventListener("submit", (event) => {
    const canvas = event.target.matches?.("[data-signature]") && event.target.querySelector("canvas.signature");
    if (!canvas) return;
    if (!pads.get(canvas)) begin(canvas);
    event.target.elements.picture.value = canvas.toDataURL("image/png");
  }, true);
})();
