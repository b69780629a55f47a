// Pasted text is shown as numbers before it replaces any.
const PAUSE = 300;

function showPanel(ui, isOpen) {
  ui.panel.hidden = !isOpen;
  ui.opener.setAttribute("aria-expanded", String(isOpen));
}

function openPanel(ui, text = "") {
  ui.from = ui.active();
  showPanel(ui, true);
  // Longer text could not be read anyway, and a message that is refused would never be answered.
  ui.text.value = text.slice(0, ui.text.maxLength);
  if (text) sendText(ui);
  (text ? ui.accept : ui.text).focus();
}

function closePanel(ui) {
  const hadFocus = ui.panel.contains(ui.active());
  clearTimeout(ui.pause);
  showPanel(ui, false);
  ui.isAccepting = ui.isUnsent = false;
  setDisabled(ui.accept, true);
  ui.text.value = "";
  if (hadFocus) (ui.from?.isConnected ? ui.from : ui.cells.firstChild ?? ui.canvas).focus();
}

function sendText(ui) {
  clearTimeout(ui.pause);
  ui.isUnsent = false;
  setDisabled(ui.accept, true);
  ui.outbox.post({ kind: "paste", text: ui.text.value });
}

/** What is offered is always what was seen: text that changed has to come back as numbers first. */
function textTyped(ui, isPasted) {
  ui.isUnsent = true;
  setDisabled(ui.accept, true);
  clearTimeout(ui.pause);
  ui.pause = setTimeout(() => sendText(ui), isPasted ? 0 : PAUSE);
}

function accept(ui) {
  ui.isAccepting = true;
  ui.outbox.post({ kind: "accept" });
}

function cancel(ui) {
  closePanel(ui);
  ui.outbox.post({ kind: "dismiss" });
}

function updatePanel(ui, { preview }) {
  const isReadable = Boolean(preview?.cells);
  if (ui.isAccepting && !preview) closePanel(ui);
  else if (preview) showPanel(ui, true);
  ui.table.hidden = !isReadable;
  setText(ui.unreadable, preview?.message ?? "");
  setDisabled(ui.accept, !isReadable || ui.isUnsent);
  setText(ui.found, isReadable ? foundText(preview) : "");
  ui.table.tBodies[0].replaceChildren(...(isReadable ? previewRows(preview) : []));
}

function foundText({ rows, columns, factor }) {
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const front = factor === "1" ? "" : `, ${withMinus(factor)} × in front`;
  return `${count(rows, "row")}, ${count(columns, "column")}${front}`;
}

function previewRows({ rows, columns, cells }) {
  const dots = columns > cells[0].length ? ["…"] : [];
  const texts = cells.map((row) => [...row.map(withMinus), ...dots]);
  if (rows > cells.length) texts.push(texts[0].map(() => "…"));
  return texts.map((row) => element("tr", {}, ...row.map((text) => previewCell(text, row.length))));
}

function previewCell(text, columns) {
  const cell = element("td", { text, title: text });
  cell.style.setProperty("--columns", columns);
  cell.style.setProperty("--length", text.length);
  return cell;
}
