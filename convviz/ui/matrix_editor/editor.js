// One editor: its parts, what happens in it, and what Python last said about it.
const EDITORS = new WeakMap();

function build(root, host) {
  const find = (selector) => root.querySelector(selector);
  const ui = {
    root, host, data: null, at: [0, 0], growing: false, isUnsent: false, isAccepting: false,
    active: () => root.getRootNode().activeElement,
    factor: find("[data-factor]"), cells: find(".cells"),
    picture: find(".picture"), frame: find(".frame"), canvas: find("canvas"), cursor: find(".cursor"), reading: find(".reading"),
    message: find("#message"), caption: find(".caption"),
    opener: find("[data-panel]"), panel: find(".panel"), text: find("textarea"), table: find("table"),
    found: find(".found"), unreadable: find("#unreadable"), accept: find("[data-accept]"), cancel: find("[data-cancel]"),
    sizes: { rows: find("#rows"), columns: find("#columns") },
  };
  ui.outbox = createOutbox((text) => root.isConnected && ui.send(text));
  for (const button of root.querySelectorAll("[data-less]")) button.append(icon(LESS));
  for (const button of root.querySelectorAll("[data-more]")) button.append(icon(MORE));
  watch(ui);
  watchPicture(ui);
  return ui;
}

/** Listens once, on the root: cells come and go. */
function watch(ui) {
  const { root } = ui;
  const isField = (node) => node === ui.factor || node.parentElement === ui.cells;
  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) pressed(ui, button);
  };
  root.oninput = ({ target, inputType }) => {
    if (isField(target)) typed(ui, target);
    else if (target === ui.text) textTyped(ui, inputType === "insertFromPaste");
  };
  root.onchange = ({ target }) => target.dataset.size && resize(ui, target.dataset.size, 0);
  root.onkeydown = (event) => {
    event.stopPropagation(); // r and c belong to Streamlit, but not while a number is typed
    if (isField(event.target)) fieldKey(ui, event);
    else if (event.key === "Escape" && ui.panel.contains(event.target)) cancel(ui);
  };
  root.onkeypress = root.onkeyup = (event) => event.stopPropagation(); // Streamlit 1.62 hears these
  root.onmousedown = (event) => {
    if (!isField(event.target) || event.target === ui.active()) return;
    event.preventDefault(); // a click would put the caret into the text that the focus has selected
    event.target.focus();
  };
  root.onpaste = (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isField(event.target) || !isSeveral(text)) return;
    event.preventDefault();
    openPanel(ui, text);
  };
  root.addEventListener("focusin", ({ target }) => {
    if (!isField(target)) return;
    target.dataset.before = target.value;
    target.select();
  });
  root.addEventListener("focusout", ({ target }) => isField(target) && target.isConnected && commit(ui, target));
}

function update(ui, data) {
  ui.outbox.acknowledge(data.serial);
  if (ui.data && !ui.outbox.isEmpty) return; // an answer to something older than what stands here
  ui.data = data;
  ui.root.hidden = false;
  ui.root.setAttribute("aria-label", `${data.label} editor`);
  ui.cells.hidden = data.drawn;
  updateGrid(ui, data);
  updatePicture(ui, data);
  updatePanel(ui, data);
  updateActions(ui, data);
  setText(ui.message, data.message);
  if (ui.caption.textContent !== data.caption.join("")) ui.caption.replaceChildren(...data.caption.map((text) => element("span", { text })));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".editor");
  const host = parentElement.host ?? parentElement;
  if (!EDITORS.has(root)) EDITORS.set(root, build(root, host));
  const ui = EDITORS.get(root);
  ui.send = (text) => setTriggerValue("edit", text);
  markTheme(root);
  update(ui, JSON.parse(data.editor));
}
