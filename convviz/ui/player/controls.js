// The buttons, the scrubber and the keys, as one table each.
const ICONS = {
  First: "M6 5h2v14H6zM19 5v14L9 12z",
  Back: "M15.5 4.5L8 12l7.5 7.5 1.8-1.8L11.6 12l5.7-5.7z",
  Play: "M8 5v14l11-7z",
  Pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  Next: "M8.5 4.5L16 12l-7.5 7.5-1.8-1.8L12.4 12 6.7 6.3z",
  Last: "M16 5h2v14h-2zM5 5v14l10-7z",
  Finish: "M4 5v14l8-7zM12 5v14l8-7z",
  "Full screen": "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
  "Show flip": "M12 4V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-8z",
  "Lecture view": "M3 4h18v12h-8v2h4v2H7v-2h4v-2H3zM5 6v8h14V6z",
  Leave: "M5 6.4L6.4 5l5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6z",
  "Smaller text": "M4 18l4-11h2l4 11h-2l-1-2.8H7L6 18zM7.6 13.4h2.8L9 9.5zM15 11h6v2h-6z",
  "Larger text": "M4 18l4-11h2l4 11h-2l-1-2.8H7L6 18zM7.6 13.4h2.8L9 9.5zM15 11h2V9h2v2h2v2h-2v2h-2v-2h-2z",
  Predict: "M12 6C7 6 3.3 9.2 1.5 12c1.8 2.8 5.5 6 10.5 6s8.7-3.2 10.5-6C20.7 9.2 17 6 12 6zM12 8c3.6 0 6.4 2 8 4-1.6 2-4.4 4-8 4s-6.4-2-8-4c1.6-2 4.4-4 8-4zM4 3.5L20.5 20 19 21.5 2.5 5z",
  Help: "M11 16h2v2h-2zM12 5a4.2 4.2 0 0 0-4.2 4.2h2A2.2 2.2 0 1 1 13.4 11c-1.4 1-2.4 1.9-2.4 3.5v.5h2v-.3c0-.8.5-1.3 1.5-2.1A4.2 4.2 0 0 0 12 5z",
};
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const KEYS = {
  ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back",
  " ": "play", k: "play", Home: "first", End: "last", ArrowUp: "rowUp", ArrowDown: "rowDown",
  ",": "termBack", ".": "termNext", f: "fullScreen", g: "goTo", e: "speak", "?": "help",
  p: "predict", 1: "negative", 2: "zero", 3: "positive", v: "reveal",
  l: "lecture", b: "blank", "+": "larger", "=": "larger", "-": "smaller", 0: "fitText",
};
// What means nothing in a field, and in lecture view nothing on a list.
const CLICKER = /^(Page|Escape)/;
const HELP_KEYS = [
  ["Right, Page Down", "next"], ["Left, Page Up", "back"], ["Space, K", "play or pause"],
  ["Home, End", "first, last"], ["Up, Down", "one output row"], [", .", "one term back, on"],
  ["F", "full screen"], ["G", "go to a position"], ["E", "speak the whole equation"],
  ["P", "predict: hide the outputs, or end it"], ["1, 2, 3", "predict: negative, zero, positive"], ["V", "predict: reveal the output"],
  ["L", "lecture view; Escape leaves it"], ["B", "lecture view: blank the screen; any key shows it again"],
  ["+, \u2212, 0", "lecture view: larger text, smaller, the size that fits"],
  ["Page Down", "predicting in lecture view: first reveal, then next"], ["?", "this help"],
];
const HELP_RULES = [
  "Fill is value: grey for picture pixels; orange below 0, near-white at 0, blue above.",
  "The outline is now: the window, the kernel, the current term, the output cell.",
  "Texture is not real: dashed and hatched for padding, dotted for not computed yet, veiled for skipped.",
  "Point at a term, a product, a weight or a covered cell, or Tab to the terms and use the arrow keys: partners light up.",
  "Click an output cell to go there; a weight, or Enter on a term, to see every input that weight ever meets.",
];

class Controls {
  /** act maps action names to functions. */
  constructor(root, act) {
    Object.assign(this, { root, act });
    this.buttons = {};
    const part = (name) => root.querySelector(`.${name}`);
    part("transport").append(
      this.button("First", "first"), this.button("Back", "back"), this.button("Play", "play", true),
      this.button("Next", "next", true), this.button("Last", "last"),
    );
    this.slider = element("input", { type: "range", min: 1, step: 1, "aria-label": "Position" });
    this.number = element("input", { type: "text", inputmode: "numeric", "aria-label": "Go to position", class: "goto" });
    this.of = element("span");
    this.problem = element("span", { class: "problem", hidden: true });
    const where = element("span", { class: "where" }, element("span", { text: "Position" }), this.number, this.of, this.problem);
    part("scrub").append(this.button("Finish", "finish"), this.slider, where);
    this.detail = choice("Detail", [["positions", "Positions"], ["terms", "Terms"]]);
    this.speed = choice("Speed", SPEEDS.map((speed) => [speed, `${speed}×`]));
    this.speed.value = "1";
    part("options").append(
      this.detail, this.speed, this.button("Show flip", "turn"), this.button("Smaller text", "smaller"), this.button("Larger text", "larger"),
      this.button("Full screen", "fullScreen"), this.button("Help", "help"),
    );
    part("modes").append(this.button("Predict", "predict", true), this.button("Lecture view", "lecture", true));
    this.press("predict", false);
    this.showLecture(false);
    this.help = part("manual");
    fillHelp(this.help);
    this.listen();
  }

  button(name, action, large = false) {
    const button = element("button", { type: "button", class: large ? `large ${action}` : action, "aria-label": name, title: name },
      icon(ICONS[name]), large && element("span", { text: name }));
    button.onclick = () => this.act[action]();
    this.buttons[action] = button;
    return button;
  }

  listen() {
    this.slider.oninput = () => this.act.scrub(Number(this.slider.value));
    this.slider.onchange = () => this.act.scrubbed();
    this.number.onchange = () => this.act.jump(this.number.value);
    this.number.onkeydown = ({ key }) => {
      if (CLICKER.test(key)) this.number.value = this.slider.value;
      if (key === "Enter" || CLICKER.test(key)) this.root.focus();
    };
    this.number.onfocus = () => (this.number.select(), this.complain(""));
    this.detail.onchange = () => this.act.detail(this.detail.value);
    this.speed.onchange = () => this.act.speed(Number(this.speed.value));
    this.root.onkeydown = (event) => this.key(event);
    // Streamlit 1.62 hears these.
    this.root.onkeypress = this.root.onkeyup = (event) => this.keep(event);
  }

  /** Keys work on the player only; R and C would otherwise rerun the app or clear its caches. */
  keep(event) {
    if (event.key !== "Escape" && event.key !== "Tab") event.stopPropagation();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    this.keep(event);
    if (this.help.open || this.act.typing(event)) return;
    if (this.act.intercept(event.key)) return event.preventDefault();
    const pressing = event.key === " " && event.target.matches("button");
    const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || pressing) return;
    event.preventDefault();
    this.act[action]();
  }

  /** Not by autofocus: browsers refuse that inside a page of another origin. */
  showHelp() {
    this.help.showModal();
    this.help.firstChild.focus();
  }

  /** Shows what is wrong with the number that was written, or nothing. */
  complain(text) {
    setText(this.problem, text);
    this.problem.hidden = !text;
  }

  setPlaying(playing) {
    this.rename(this.buttons.play, playing ? "Pause" : "Play");
  }

  rename(button, name, text = name) {
    if (button.getAttribute("aria-label") === name) return;
    button.setAttribute("aria-label", name);
    button.title = name;
    button.replaceChildren(icon(ICONS[text]), element("span", { text }));
  }

  /** Says that playing is off, and why; "" allows it again. It keeps the focus it may have. */
  block(reason) {
    for (const [button, name] of [[this.buttons.play, "Play"], [this.buttons.finish, "Finish"]]) {
      button.setAttribute("aria-disabled", String(reason !== ""));
      button.title = reason || name;
    }
  }

  /** Shows whether a button that stays down is down. */
  press(name, down) {
    this.buttons[name].setAttribute("aria-pressed", String(down));
  }

  /** The bar of lecture view has a button to leave it, and the text sizes. */
  showLecture(on) {
    const { lecture, smaller, larger } = this.buttons;
    if (on) this.rename(lecture, "Leave lecture view", "Leave");
    else this.rename(lecture, "Lecture view");
    smaller.hidden = larger.hidden = !on;
  }

  /** Shows where the player is. */
  show(step, count) {
    this.complain("");
    if (this.slider.max !== String(count)) this.slider.max = count;
    this.slider.value = step;
    this.slider.setAttribute("aria-valuetext", `Position ${step} of ${count}`);
    if (this.number !== this.number.getRootNode().activeElement) this.number.value = step;
    setText(this.of, `of ${count}`);
    this.number.style.width = `${String(count).length + 2}ch`;
  }
}

function choice(name, options) {
  return element("select", { "aria-label": name }, ...options.map(([value, text]) => element("option", { value, text })));
}

function fillHelp(dialog) {
  const close = element("button", { type: "button", text: "Close" });
  close.onclick = () => dialog.close();
  dialog.append(
    element("h2", { id: "help-title", text: "Help", tabindex: -1 }),
    element("ul", {}, ...HELP_RULES.map((text) => element("li", { text }))),
    element("dl", {}, ...HELP_KEYS.flatMap(([keys, text]) => [element("dt", { text: keys }), element("dd", { text })])),
    close,
  );
}
