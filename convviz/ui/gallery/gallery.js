// Many panes, one view, one cursor; a question is about one tile, so that the first sharp one is soon there.
const GALLERY_KEYS = "Keys: + and − zoom, 0 shows all, arrows move the cursor (Shift: by 10).";
const COLUMNS = { 1: 2, 2: 2, 3: 3, 5: 3, 6: 3, 9: 3 };
const POINT = "Point at a pixel to see every tile's number there; a name shows that map alone.";

class Gallery extends Explorer {
  constructor(host) {
    super(host);
    setText(this.find(".keys"), GALLERY_KEYS);
  }

  equip() {}

  pictures({ tiles }) {
    return tiles.map(({ url }) => url);
  }

  place(spec, images) {
    const made = JSON.stringify([spec.removable, spec.tiles.map(({ name, source }) => [name, source])]);
    if (made !== this.made) this.build(spec);
    this.made = made;
    const worlds = spec.tiles.map(({ anchor, stride, shape }) => worldOf({ anchor, stride, mapShape: shape, shape: spec.shape }));
    this.world = [0, 1, 2, 3].map((side) => Math[side < 2 ? "min" : "max"](...worlds.map((world) => world[side])));
    spec.tiles.forEach((tile, i) => this.panes[i].place(mapOrigin(tile), tile.shape, tile.stride, images[i]));
  }

  build(spec) {
    const act = (what, source) => this.leave(what, source);
    const nodes = spec.tiles.map((tile, i) => tileNode(tile, i, spec, act));
    this.find(".tiles").replaceChildren(...nodes);
    this.find(".tiles").style.setProperty("--most", COLUMNS[nodes.length] ?? 4);
    this.panes = nodes.map((node) => new Pane(node));
    this.pointer = new Pointer(this);
  }

  describe() {
    const { spec, panes } = this;
    const shared = spec.shared && element("span", { class: "legend" }, ...legendOf({ scale: spec.shared }, spec.threshold));
    this.find(".shared").replaceChildren(...(shared ? [shared] : []));
    spec.tiles.forEach((tile, i) => {
      const own = spec.shared ? [] : legendOf(tile, i || tile.source != null ? spec.threshold : null);
      panes[i].node.querySelector(".legend").replaceChildren(...own);
    });
    setText(this.find(".about"), spec.about);
    this.find(".missing").replaceChildren(...spec.missing.map((one) => this.missing(one)));
  }

  missing({ name, source, why }) {
    const act = (what) => this.leave(what, source);
    const remove = this.spec.removable && removeButton(name, source, act);
    return element("li", {}, element("span", { text: `${name} has no map here: ${why}` }), remove);
  }

  marks(at) {
    const cell = this.cursor && this.cellOf(at);
    return cell ? [{ at: cell, shape: [1, 1] }] : [];
  }

  cellOf(at) {
    const { anchor, stride, shape } = this.spec.tiles[at];
    const cell = this.cursor.map((pixel, a) => Math.floor((pixel - anchor[a]) / stride[a] + 0.5));
    return cell.every((i, a) => i >= 0 && i < shape[a]) ? cell : null;
  }

  tell() {
    const { spec, cursor } = this;
    const place = cursor && `Row ${cursor[0] + 1}, column ${cursor[1] + 1} of the input`;
    setText(this.find(".readout"), cursor ? `${place}.` : POINT);
    const said = spec.tiles.map((tile, i) => this.valueOf(tile, i));
    this.panes.forEach(({ node }, i) => setText(node.querySelector(".value"), said[i]));
    if (!this.aloud || `${this.found?.at}` !== `${cursor}`) return;
    setText(this.find(".spoken"), [place, ...spec.tiles.map(({ name }, i) => `${name} ${said[i]}`)].join(". "));
  }

  valueOf(tile, at) {
    if (!this.cursor) return tile.limits ? tile.limits.map(cellText).join(" to ") : tile.unit && "in degrees";
    const cell = this.cellOf(at);
    if (!cell) return "no value here";
    if (`${this.found?.at}` === `${this.cursor}`) return valueText(this.found.tiles[at].values, tile);
    const here = this.panes[at].number(cell);
    return here == null ? "…" : valueText([here], tile);
  }

  /** The next tile that lacks something, once the one before is here. */
  wanting(rectangle) {
    const lacking = this.panes.filter((pane) => this.lacks(pane));
    const waits = this.panes.some((pane) => pane.rectangle === rectangle && !(pane.answered >= pane.token));
    const next = lacking.find((pane) => pane.rectangle !== rectangle);
    return next && !waits ? [next] : [];
  }

  answered({ tile, piece }) {
    return [[this.panes[tile], piece]];
  }

  /** A click only points. */
  open() {}

  /** Chooses or removes a kernel. No question may follow: its tiles may be gone by then. */
  leave(what, source) {
    clearTimeout(this.timer);
    this.leaving = setTimeout(() => (this.leaving = 0), PATIENCE);
    this.send(what, `${this.spec.serial},${source}`);
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const [gallery, leave] = viewIn(parentElement, Gallery);
  gallery.update(data.gallery, "null", setTriggerValue);
  return leave;
}
