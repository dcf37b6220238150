// A section of the design document is saved shortly after typing stops. Without script the button
// saves. The server's answer says what became of the text; the form carries the rest of the words.

const PAUSE = 1500;

const autosave = (form) => {
  const status = form.querySelector("[data-autosave-status]");
  const seen = form.querySelector('input[name="seen"]');
  let timer = 0;
  let typed = 0;
  let sent = 0;
  let sending = Promise.resolve();

  const say = (text, state) => {
    if (status.textContent !== text) status.textContent = text;
    status.dataset.state = state;
    const compare = form.querySelector("[data-autosave-compare]");
    if (compare) compare.hidden = state !== "changed";
  };

  const post = async (leaving) => {
    const now = typed;
    if (now === sent) return;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new FormData(form), keepalive: leaving, redirect: "error",
      });
      const told = await answer.json();
      sent = now;
      if (told.seen) seen.value = told.seen;
      say(told.message, told.state);
    } catch {
      say(form.dataset.unsaved, "unsaved");
    }
  };

  // One request at a time: the next one carries the text that the one before has saved.
  const save = () => {
    clearTimeout(timer);
    sending = sending.then(() => post(false));
    return sending;
  };

  form.addEventListener("input", () => {
    typed += 1;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("focusout", () => {
    if (typed !== sent) save();
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (form.dataset.settled) return;
    event.preventDefault();
    const { submitter } = event;
    await sending;
    form.dataset.settled = "1";
    form.requestSubmit(submitter);
  });
  addEventListener("pagehide", () => {
    if (typed !== sent && !form.dataset.settled) post(true);
  });
  addEventListener("pageshow", () => {
    delete form.dataset.settled;
  });
  if (!status.textContent.trim()) say(form.dataset.ready, "ready");
};

document.querySelectorAll("form[data-autosave]").forEach(autosave);
