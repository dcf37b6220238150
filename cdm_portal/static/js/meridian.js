// The portal's own script: small comforts, nothing that a page needs. Everything works without it.

const root = document.documentElement;
const say = (text) => {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
};

// What needs the script has had its place from the first paint: nothing moves when it is shown.
const show = (button) => button.removeAttribute("data-awaits-script");

// Colours: automatic, light or dark, kept in this browser only.
const themes = ["auto", "light", "dark"];
const chosen = () => {
  try {
    return localStorage.getItem("theme") || "auto";
  } catch {
    return "auto";
  }
};
const paint = (theme) => {
  root.classList.remove("light", "dark");
  if (theme !== "auto") root.classList.add(theme);
};
paint(chosen());

const switchOfThemes = (button) => {
  const words = button.querySelector("span");
  const name = (theme) => {
    words.textContent = words.dataset[theme];
  };
  name(chosen());
  show(button);
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(chosen()) + 1) % themes.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // a browser that keeps nothing still changes its colours for this page
    }
    paint(next);
    name(next);
  });
};

// Stepper: the native number input does the arithmetic and knows its limits.
const stepper = (group) => {
  const input = group.querySelector("input");
  for (const button of group.querySelectorAll("[data-step]")) {
    show(button);
    button.addEventListener("click", () => {
      if (button.dataset.step === "1") input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      say(input.value);
    });
  }
};

// Copy a serial number.
const copier = (button) => {
  if (!navigator.clipboard) return;
  show(button);
  const source = button.parentElement.querySelector("[data-copy-source]");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    say(document.documentElement.lang === "en" ? "Copied" : "✓");
  });
};

// Countdown of a hold: seconds left come from the server, so the visitor's clock does not matter.
const countdown = (element) => {
  const end = performance.now() + Number(element.dataset.countdown) * 1000;
  const text = element.querySelector("[data-left]") || element;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    text.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left <= 120) {
      element.classList.remove("warn");
      element.classList.add("bad");
    }
    if (left > 0) {
      setTimeout(tick, 1000);
      return;
    }
    const over = document.getElementById(element.dataset.over || "");
    if (over) over.hidden = false;
  };
  tick();
};

// Files may be dropped on the frame of a native file input.
const drop = (frame) => {
  const input = frame.querySelector('input[type="file"]');
  frame.addEventListener("dragover", (event) => {
    event.preventDefault();
    frame.classList.add("over");
  });
  frame.addEventListener("dragleave", () => frame.classList.remove("over"));
  frame.addEventListener("drop", (event) => {
    event.preventDefault();
    frame.classList.remove("over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
};

// The one celebration: on a certificate the tonnes count up once.
const countUp = (element) => {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const final = element.textContent;
  const target = Number(element.dataset.countUp);
  const start = performance.now();
  const frame = (now) => {
    const part = Math.min(1, (now - start) / 900);
    element.textContent =
      part < 1 ? Math.round(target * (1 - (1 - part) ** 3)).toLocaleString("fr") : final;
    if (part < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

const each = (selector, act, within) => within.querySelectorAll(selector).forEach(act);
const wake = (within) => {
  each("[data-stepper]", stepper, within);
  each("[data-copy]", copier, within);
  each("[data-countdown]", countdown, within);
  each("[data-drop]", drop, within);
};
each("[data-theme-switch]", switchOfThemes, document);
each("[data-count-up]", countUp, document);
wake(document);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:after:swap", (event) => wake(event.target));
