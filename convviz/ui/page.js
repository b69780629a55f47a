// What Streamlit leaves undone. It cannot change the address without a step in the history. It calls
// its drop zones decoration, yet gives them a name: to a screen reader they are groups. It does not
// say which link is the page one is on. Before 1.65 it says nothing when the visitor goes back.
// Its notice of a lost connection takes the focus and does not give it back.
const STOPS = new WeakMap();
// The page that is shown, and what reports to it: the component may outlive a change of pages.
let shown = "";
let report = null;
// The address gone back to, until Python has heard of it.
let wanted = null;
// Milliseconds until it is looked whether it can be said, and whether it must be said again.
const PAUSE = 100;
const AGAIN = 1000;
const repair = () => {
  for (const zone of document.querySelectorAll('section[role="presentation"][aria-label]')) {
    zone.setAttribute("role", "group");
  }
  for (const link of document.querySelectorAll('[data-testid="stPageLink-NavLink"]')) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
};
/** Gives the focus back to where it was before a notice took it. */
function refocus() {
  let before = null;
  let asked = false;
  const note = (event) => {
    const target = event.composedPath()[0];
    if (!target.closest?.('[role="dialog"]')) before = target;
  };
  const look = () => {
    const open = document.querySelector('[role="dialog"]') !== null;
    if (asked && !open && document.activeElement === document.body) before?.focus({ preventScroll: true });
    asked = open;
  };
  document.addEventListener("focusin", note);
  return { look, stop: () => document.removeEventListener("focusin", note) };
}
/** Says where the visitor went back to, once Streamlit's own run is over: that would lose it. */
function tell() {
  if (wanted === null || wanted !== location.search) return;
  const there = location.pathname.split("/").pop() === shown;
  const idle = there && document.querySelector(".stApp").dataset.testScriptState === "notRunning";
  if (idle) report(wanted);
  setTimeout(tell, idle ? AGAIN : PAUSE);
}
function start(listens) {
  const focus = refocus();
  const watch = new MutationObserver(() => {
    repair();
    focus.look();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  const onBack = () => {
    wanted = location.search;
    setTimeout(tell, PAUSE);
  };
  if (listens) addEventListener("popstate", onBack);
  repair();
  return () => {
    watch.disconnect();
    focus.stop();
    removeEventListener("popstate", onBack);
  };
}
/** Puts the address right without a step in the history: Back must not lead to the bad one. */
function putRight(address) {
  const others = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("embed"));
  const query = [address, new URLSearchParams(others).toString()].filter(Boolean).join("&");
  history.replaceState(history.state, "", `${location.pathname}${query && "?"}${query}${location.hash}`);
}
/** The player's step, which only the browser knows; 0 where there is no player. */
function stepNow() {
  let step = 0;
  const hear = ({ detail }) => (step = detail.step);
  addEventListener("convviz:position", hear);
  dispatchEvent(new Event("convviz:where"));
  removeEventListener("convviz:position", hear);
  return step;
}
export default function ({ data, parentElement, setTriggerValue }) {
  shown = data.page;
  report = (query) => setTriggerValue("back", query);
  if (data.heard === wanted) wanted = null;
  if (data.address != null) putRight(data.address);
  const share = parentElement.querySelector(".share");
  share.hidden = !data.shares;
  share.onclick = () => {
    const predict = new URLSearchParams(location.search).get("predict") === "1";
    setTriggerValue("share", { step: stepNow(), predict });
  };
  if (!STOPS.has(parentElement)) {
    STOPS.set(parentElement, start(data.listens));
  }
  return () => {
    STOPS.get(parentElement)?.();
    STOPS.delete(parentElement);
  };
}
