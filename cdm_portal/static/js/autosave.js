// A section of the design document is saved shortly after typing stops. Without script the button
// saves. The server's answer says what became of the text; the form carries the rest of the words.

const PAUSE = 1500;

const autosave = (form) => {
  const status = form.querySelector("[data-autosave-status]");
  const seen = form.querySelector('input[name="seen"]');
  let timer = 0;
  let typed = 0;
  let sent = 0;
  let leaving = false;
  let sending = null;

  const say = (text, state) => {
    if (status.textContent !== text) status.textContent = text;
    status.dataset.state = state;
    const compare = form.querySelector("[data-autosave-compare]");
    if (compare) compare.hidden = state !== "changed";
  };

  const post = async (keepalive) => {
    const now = typed;
    if (now === sent) return;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new FormData(form), keepalive, redirect: "error",
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
    const turn = (sending || Promise.resolve()).then(() => post(false));
    sending = turn;
    turn.then(() => {
      if (sending === turn) sending = null;
    });
  };

  form.addEventListener("input", () => {
    typed += 1;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("focusout", () => {
    if (typed !== sent) save();
  });
  // The button waits for a request under way, whose answer says which text is saved by now.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    sending.then(() => setTimeout(() => form.requestSubmit(submitter)));
  });
  addEventListener("pagehide", () => {
    if (typed !== sent && !leaving) post(true);
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  if (!status.textContent.trim()) say(form.dataset.ready, "ready");
};

document.querySelectorAll("form[data-autosave]").forEach(autosave);
