// Mouse, pen and fingers: point, drag, wheel, pinch. A click of the mouse opens; a tap only points.
const STILL = 4;

class Pointer {
  constructor(explorer) {
    this.explorer = explorer;
    this.down = new Map();
    explorer.panes.forEach(({ canvas }) => {
      const at = (event) => ({ x: event.offsetX, y: event.offsetY });
      canvas.onpointerdown = (event) => this.press(event, at(event));
      canvas.onpointermove = (event) => this.move(event, at(event));
      canvas.onpointerup = (event) => this.lift(event, at(event));
      canvas.onpointercancel = (event) => this.drop(event);
      canvas.addEventListener("wheel", (event) => this.wheel(event, at(event)), { passive: false });
    });
  }

  press(event, point) {
    if (event.button) return;
    event.target.setPointerCapture(event.pointerId);
    const { liner } = this.explorer;
    if (!this.down.size) this.moved = false;
    if (!this.down.size && liner && (event.shiftKey || liner.armed)) liner.begin(point);
    else liner?.drop();
    this.down.set(event.pointerId, point);
    this.start = point;
  }

  drop(event) {
    this.down.delete(event.pointerId);
    this.explorer.liner?.drop();
  }

  move(event, point) {
    const { explorer, down } = this;
    if (!explorer.view) return;
    const before = down.get(event.pointerId);
    if (!before) {
      const pixel = explorer.pixelAt(point);
      if (pixel) explorer.point(pixel);
      return;
    }
    if (Math.hypot(point.x - this.start.x, point.y - this.start.y) > STILL || down.size > 1) this.moved = true;
    if (!this.moved) return;
    if (explorer.liner?.first) explorer.liner.stretch(point);
    else if (down.size > 1) this.pinch(event.pointerId, before, point);
    else this.drag(point.x - before.x, point.y - before.y);
    down.set(event.pointerId, point);
  }

  drag(x, y) {
    const { view, world, pane } = this.explorer;
    this.explorer.show(settled({ ...view, top: view.top - y / view.scale, left: view.left - x / view.scale }, world, pane));
  }

  pinch(id, before, point) {
    const other = [...this.down].find(([key]) => key !== id)[1];
    const apart = (one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    // Enlarged first, round where the middle was: then there is room to follow the middle.
    this.explorer.zoom(apart(point) / apart(before), { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 });
    this.drag((point.x - before.x) / 2, (point.y - before.y) / 2);
  }

  lift(event, point) {
    const tapped = this.down.delete(event.pointerId) && !this.moved;
    if (this.explorer.liner?.first) return this.explorer.liner.finish(this.moved);
    const pixel = tapped && this.explorer.view && this.explorer.pixelAt(point);
    if (!pixel) return;
    this.explorer.point(pixel, event.pointerType !== "mouse");
    if (event.pointerType === "mouse") this.explorer.open();
  }

  /** Where nothing more would get smaller, the page scrolls. */
  wheel(event, point) {
    const { explorer } = this;
    if (!explorer.view || (event.deltaY > 0 && !explorer.enlarged)) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    explorer.zoom(Math.exp(-Math.max(-400, Math.min(400, pixels)) * (event.ctrlKey ? 0.01 : 0.002)), point);
  }
}
