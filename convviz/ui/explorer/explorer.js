// Two panes, one view, one cursor. The cursor is a pixel of the plane that both lie on.
const TALLEST = 400;
const LEAST_HEIGHT = 150;
const PATIENCE = 1500;
// Milliseconds until it is looked whether a question can be asked.
const PAUSE = 30;
// How often it is said where to turn to.
const TIMES = 3;
const ICONS = { in: "M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7z", out: "M4 11h16v2H4z" };
const KEYS = "Keys: + and − zoom, 0 shows all, arrows move the cursor (Shift: by 10), Enter steps through it.";

/** Whether no run of the page is under way: it may be that of another page. */
const isIdle = () => document.querySelector(".stApp").dataset.testScriptState === "notRunning";

class Explorer {
  constructor(host) {
    this.host = host;
    this.root = host.querySelector(".explorer");
    this.find = (query) => this.root.querySelector(query);
    this.panes = [...this.root.querySelectorAll("[data-pane]")].map((node) => new Pane(node));
    this.asked = 0;
    this.shown = 0;
    for (const [name, label] of [["in", "Zoom in"], ["out", "Zoom out"]]) {
      const button = this.find(`[data-do="${name}"]`);
      button.setAttribute("aria-label", label);
      button.append(icon(ICONS[name]));
    }
    setText(this.find(".keys"), KEYS);
    this.pointer = new Pointer(this);
    this.equip();
    this.root.onkeydown = (event) => this.press(event);
    this.root.onclick = (event) => this.act(event.target.closest?.("[data-do]")?.dataset.do);
    this.hear = (event) => this.take(JSON.parse(event.detail));
    window.addEventListener("convviz:seen", this.hear);
    this.follow = ({ target }) => target.closest?.('[data-testid="stPageLink-NavLink"]') && this.leave();
    document.addEventListener("click", this.follow);
    this.resize = new ResizeObserver(() => this.layOut());
    this.resize.observe(this.root);
  }

  /** What two panes have and many have not: a line across them, a divider between them. */
  equip() {
    this.liner = new Liner(this);
    this.divider = new Divider(this.root, () => this.layOut());
  }

  async update(text, line, send) {
    this.send = send;
    markTheme(this.root);
    this.readColours();
    this.liner?.show(JSON.parse(line));
    if (text === this.text) return this.draw();
    this.text = text;
    this.root.setAttribute("aria-busy", "true"); // until there is something to point at
    const spec = JSON.parse(text);
    const images = await Promise.all(this.pictures(spec).map(loaded));
    if (text !== this.text) return; // a newer one came while these were decoded
    const moved = !this.spec || ["shape", "mapShape", "stride"].some((name) => `${spec[name]}` !== `${this.spec[name]}`);
    this.spec = spec;
    this.place(spec, images);
    this.found = null;
    if (moved) this.view = null;
    if (this.cursor) this.cursor = this.inWorld(this.cursor);
    this.describe();
    this.layOut();
    this.look(0);
    this.root.removeAttribute("aria-busy");
  }

  pictures({ image, map }) {
    return [image, map];
  }

  place(spec, images) {
    this.world = worldOf(spec);
    this.panes[0].place([0, 0], spec.shape, [1, 1], images[0]);
    this.panes[1].place(mapOrigin(spec), spec.mapShape, spec.stride, images[1]);
  }

  describe() {
    const { spec, panes } = this;
    const size = ([rows, columns]) => `${rows} × ${columns}`;
    setText(panes[0].title, spec.isPicture ? "Picture" : "Input");
    setText(panes[0].note, size(spec.shape));
    setText(panes[1].note, `${size(spec.mapShape)}, values ${spec.limits.map(cellText).join(" to ")}`);
    setText(this.find(".hidden-share"), spec.hidden);
    setText(this.find(".closed"), spec.closed);
    this.find(".keys").hidden = Boolean(spec.closed);
    this.legend(spec);
  }

  /** What the first and the last colour stand for. */
  legend({ scale, threshold }) {
    const two = threshold != null;
    setText(this.find(".low"), two ? `below ${cellText(threshold)}` : cellText(scale.low));
    setText(this.find(".high"), two ? `from ${cellText(threshold)}` : cellText(scale.high));
    const stops = two ? "#000 50%,#fff 50%" : scale.diverging ? DIVERGING.join(",") : "#000,#fff";
    this.find(".bar").style.background = `linear-gradient(to right, ${stops})`;
  }

  readColours() {
    const style = getComputedStyle(this.root);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    const [line, now, casing, padding, paddingText] = ["line", "now", "casing", "padding-fill", "padding-text"].map(token);
    this.colours = { line, now, casing, padding, paddingText, font: style.fontFamily };
  }

  layOut() {
    if (!this.spec) return;
    const width = this.panes[0].canvas.clientWidth;
    const [top, left, bottom, right] = this.world;
    const tallest = Math.max(LEAST_HEIGHT, Math.min(TALLEST, innerHeight * 0.4));
    const height = Math.round(Math.max(LEAST_HEIGHT, Math.min(tallest, (width * (bottom - top)) / (right - left))));
    if (width <= 0) return;
    const enlarged = this.view && this.enlarged; // in the size it had
    this.pane = { width, height };
    this.panes.forEach((pane) => pane.fit(width, height));
    this.divider?.fit(width, height);
    const whole = wholeView(this.world, this.pane);
    this.view = enlarged ? zoomed(this.view, 1, { x: 0, y: 0 }, this.world, this.pane) : whole;
    this.draw();
  }

  get enlarged() {
    return this.view.scale > wholeView(this.world, this.pane).scale * 1.001;
  }

  draw() {
    if (this.frame || !this.view) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.panes.forEach((pane, at) => {
        pane.canvas.classList.toggle("enlarged", this.enlarged);
        pane.draw(this.view, this.colours, this.marks(at), this.liner);
      });
      this.find('[data-do="out"]').disabled = this.find('[data-do="whole"]').disabled = !this.enlarged;
      for (const open of this.root.querySelectorAll('[data-do="open"]')) open.disabled = !this.cursor;
      setText(this.find(".zoom"), `${cellText(this.view.scale * 100)} %`);
    });
  }

  /** What the cursor is on: its window in the input, its cell in the map. */
  marks(at) {
    if (!this.cursor) return [];
    const cell = this.cellAt(this.cursor);
    if (at === 1) return cell ? [{ at: cell, shape: [1, 1] }] : [];
    const pixel = { at: this.cursor, shape: [1, 1], thin: true };
    if (!cell) return [pixel];
    const { anchor, stride, extent } = this.spec;
    const first = cell.map((i, a) => anchor[a] + i * stride[a] - ((extent[a] - 1) >> 1));
    return [pixel, { at: first, shape: extent }];
  }

  cellAt(pixel) {
    const { anchor, stride, mapShape } = this.spec;
    const cell = pixel.map((at, a) => Math.floor((at - anchor[a]) / stride[a] + 0.5));
    return cell.every((at, a) => at >= 0 && at < mapShape[a]) ? cell : null;
  }

  inWorld(pixel) {
    return pixel.map((at, a) => Math.max(this.world[a], Math.min(this.world[a + 2] - 1, at)));
  }

  show(view) {
    this.view = view;
    this.draw();
    this.look(120);
  }

  zoom(factor, point = { x: this.pane.width / 2, y: this.pane.height / 2 }) {
    this.show(zoomed(this.view, factor, point, this.world, this.pane));
  }

  act(name) {
    if (name === "in") this.zoom(2, this.pointOf(this.cursor));
    if (name === "out") this.zoom(0.5, this.pointOf(this.cursor));
    if (name === "whole") this.show(wholeView(this.world, this.pane));
    if (name === "open" && this.cursor) this.open();
    if (name === "line") this.liner.arm(!this.liner.armed);
  }

  /** Where a pixel stands in the pane; nothing for none. */
  pointOf(pixel) {
    if (!pixel) return undefined;
    const { view } = this;
    return { y: (pixel[0] + 0.5 - view.top) * view.scale, x: (pixel[1] + 0.5 - view.left) * view.scale };
  }

  pixelAt({ x, y }) {
    const pixel = [Math.floor(this.view.top + y / this.view.scale), Math.floor(this.view.left + x / this.view.scale)];
    return pixel.every((at, a) => at >= this.world[a] && at < this.world[a + 2]) ? pixel : null;
  }

  press(event) {
    event.stopPropagation(); // R and C belong to Streamlit
    if (event.ctrlKey || event.metaKey || event.altKey || !this.view) return;
    const step = event.shiftKey ? 10 : 1;
    const moves = { ArrowUp: [-step, 0], ArrowDown: [step, 0], ArrowLeft: [0, -step], ArrowRight: [0, step] };
    const acts = { "+": "in", "=": "in", "-": "out", 0: "whole" };
    if (moves[event.key]) this.walk(moves[event.key]);
    else if (acts[event.key]) this.act(acts[event.key]);
    else if (event.key === "Enter" && event.target === this.root && this.cursor) this.open();
    else return;
    event.preventDefault();
  }

  walk([down, across]) {
    const { view, pane } = this;
    const middle = [view.top + pane.height / view.scale / 2, view.left + pane.width / view.scale / 2].map(Math.floor);
    const next = this.cursor ? [this.cursor[0] + down, this.cursor[1] + across] : middle;
    this.point(this.inWorld(next), true);
    this.show(revealing(this.view, this.cursor, this.world, this.pane));
  }

  /** Puts the cursor on a pixel. */
  point(pixel, aloud = false) {
    this.aloud = aloud;
    if (`${pixel}` === `${this.cursor}`) return;
    this.cursor = pixel;
    this.tell();
    this.draw();
    this.look(60);
  }

  /** Turns to the player. */
  open() {
    if (this.spec.closed) return this.refuse();
    const { anchor, stride, mapShape } = this.spec;
    const nearest = this.cursor.map((at, a) => Math.round((at - anchor[a]) / stride[a]));
    this.turnTo((this.cellAt(this.cursor) ?? nearest.map((at, a) => Math.max(0, Math.min(mapShape[a] - 1, at)))).join(), TIMES);
  }

  /** Says it again while the page is there: beside a question that is on its way it may be lost. */
  turnTo(cell, times) {
    if (!times) return this.stay();
    this.leave(() => this.turnTo(cell, times - 1));
    this.send("open", cell);
  }

  /** Asks nothing for a while: the answer would come right after the next page, and empty it. */
  leave(otherwise = () => this.stay()) {
    clearTimeout(this.timer);
    clearTimeout(this.leaving);
    this.leaving = setTimeout(otherwise, PATIENCE);
  }

  stay() {
    this.leaving = 0;
    this.look(0);
  }

  /** Says why it does not turn to the player; numbers that come now are not said over it. */
  refuse() {
    this.aloud = false;
    setText(this.find(".spoken"), this.spec.closed);
  }

  /** Says what is under the cursor, as far as it is known. */
  tell() {
    const { spec, cursor, found } = this;
    if (!cursor) return setText(this.find(".readout"), `Point at a pixel to see its numbers${spec.closed ? "" : "; click to step through it"}.`);
    const known = found && `${found.at}` === `${cursor}` ? found : null;
    const cell = this.cellAt(cursor);
    const place = ([row, column]) => `row ${row + 1}, column ${column + 1}`;
    const inside = cursor.every((at, a) => at >= 0 && at < spec.shape[a]);
    const value = known ? known.value : this.panes[0].number(cursor);
    const output = known ? known.output : cell && this.panes[1].number(cell);
    const text = (number) => (number == null ? "…" : exactText(number));
    const input = inside ? `${spec.isPicture ? "Picture" : "Input"} ${place(cursor)}: ${text(value)}.` : "In the padding.";
    const map = cell ? `Feature map ${place(cell)}: ${text(output)}.` : "No window has its centre here.";
    setText(this.find(".readout"), `${input} ${map}`);
    drawLens(this.find(".lens"), known ?? this.found, spec, this.colours);
    if (this.aloud && known) setText(this.find(".spoken"), `${input} ${map}`);
  }

  /** Asks for what is seen and not here yet, once nothing has moved for a while. */
  look(wait) {
    if (this.leaving) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
    if (!this.cursor) this.tell();
  }

  ask() {
    if (!this.view) return;
    if (!isIdle()) return this.look(PAUSE);
    const rectangle = seen(this.view, this.world, this.pane, MARGIN).join();
    const panes = this.wanting(rectangle);
    const wanted = panes.length ? rectangle : "";
    const cursor = this.cursor && `${this.found?.at}` !== `${this.cursor}` ? this.cursor.join() : "";
    if (!wanted && !cursor) return;
    this.asked += 1;
    for (const pane of panes) Object.assign(pane, { rectangle, token: this.asked });
    const question = [this.spec.serial, this.asked, wanted, cursor];
    if (panes.length && panes.length < this.panes.length) question.push(this.panes.indexOf(panes[0]));
    window.dispatchEvent(new CustomEvent("convviz:look", { detail: question.join(";") }));
    this.timer = setTimeout(() => this.again(), PATIENCE);
  }

  /** No answer came: the server was away, or something newer came first. */
  again() {
    if (this.shown >= this.asked) return;
    for (const pane of this.panes) pane.rectangle = null;
    this.ask();
  }

  /** The panes the next question is about: both, if either lacks something. */
  wanting(rectangle) {
    return this.panes.some((pane) => pane.rectangle !== rectangle && this.lacks(pane)) ? this.panes : [];
  }

  /** Whether what is seen is sharper than what is here. */
  lacks(pane) {
    const zoom = this.view.scale * devicePixelRatio;
    const visible = seen(this.view, this.world, this.pane);
    const cell = Math.min(...pane.stride) * this.view.scale;
    const sharp = Math.min(zoom, 1 / Math.min(...pane.stride)) * 0.99;
    if (cell < LINED && pane.detail >= sharp) return false;
    if (!pane.partView || !covers(pane.partView, visible)) return true;
    return pane.part && ((cell >= LINED && !pane.part.values) || pane.partZoom < Math.min(zoom, 1) * 0.99);
  }

  /** An answer: never an older one over a newer one, nor one about another scene. */
  async take({ serial, token, part, lens }) {
    if (serial !== this.spec?.serial || token <= this.shown) return;
    this.shown = token;
    if (lens) this.found = lens;
    const answered = part ? this.answered(part) : [];
    for (const [pane] of answered) pane.answered = token;
    if (this.overtaken(token)) this.look(0);
    this.tell();
    if (part) await this.put(answered, part.view, serial, token);
    this.draw();
  }

  /** Forgets that something was asked which this answer tells nothing of: it never comes. */
  overtaken(token) {
    const panes = this.panes.filter((pane) => pane.token < token && !(pane.answered >= pane.token));
    for (const pane of panes) pane.token = pane.rectangle = null;
    return panes.length > 0;
  }

  /** What an answer has for which pane. */
  answered({ image, map }) {
    return [[this.panes[0], image], [this.panes[1], map]];
  }

  async put(answered, view, serial, token) {
    const pieces = await Promise.all(answered.map(([, spec]) => loadedPart(spec)));
    if (serial !== this.spec.serial || token < Math.max(...answered.map(([pane]) => pane.partToken ?? 0))) return;
    const partZoom = Math.min(1, ...pieces.filter(Boolean).map((piece) => piece.image.naturalWidth / piece.shape[1]));
    answered.forEach(([pane], at) => Object.assign(pane, { part: pieces[at], partToken: token, partView: view, partZoom }));
    this.tell();
    this.look(0);
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.leaving);
    cancelAnimationFrame(this.frame);
    this.resize.disconnect();
    window.removeEventListener("convviz:seen", this.hear);
    document.removeEventListener("click", this.follow);
  }
}
