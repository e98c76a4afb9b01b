// A signature on the phone: it is kept on the phone before it is sent, so that a network that is cut takes nothing away. It goes to the
// session for which it was drawn, as of the person who drew it, and nowhere else.
"use strict";

{
  const words = {
    empty: localized("Nothing is drawn yet. Draw your name in the field, then press Sign."),
    kept: localized("Signed. It is kept on this phone, and not sent yet. It is sent by itself when the station answers, as long as the session is open."),
    sending: localized("Signed. It is being sent…"),
    notKept: localized("It could not be kept, and was not taken."),
  };
  const main = document.querySelector("main.phone-signing");
  const form = document.querySelector("#phone-sign-form");
  const note = document.querySelector("#phone-sign-note");

  function say(kind, said) {
    note.replaceChildren(element("p", { class: `notice notice-${kind}` }, said));
  }

  function isEmpty() {
    const canvas = form.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 128 && data[at] < 128) dark += 1;
    return dark < 40;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isEmpty()) { play("refused"); return say("warning", words.empty); }
    const picture = form.elements.picture.value.replace(/^data:image\/png;base64,/, "");
    try {
      const item = await phoneQueue.take({ kind: "signature", session: main.dataset.session, signer: form.elements.person.value,
        signerName: main.dataset.signer, picture, person: main.dataset.person, name: main.dataset.name });
      play("accepted");
      form.hidden = true;
      say("plain", words.sending);
      await phoneQueue.send();
      const now = phoneQueue.items.find((each) => each.id === item.id);
      if (!now || now.state === "done") return location.assign("/phone");
      if (now.state === "waiting") return say("warning", words.kept);
      play("refused");
      say("warning", [now.said.detail, now.said.remedy].filter(Boolean).join(" "));
      await phoneQueue.letGo(now);
      form.hidden = false;
    } catch (error) {
      play("refused");
      say("warning", `${words.notKept} ${error.message}`);
    }
  });

  phoneQueue.begin(main.dataset.person, main.dataset.name).then(() => phoneQueue.send())
    .catch((error) => say("warning", error.message));
}
