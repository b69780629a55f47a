// What Streamlit leaves undone. It cannot change the address without a step in the history. It calls
// its drop zones decoration, yet gives them a name: to a screen reader they are groups. It does not
// say which link is the page one is on. Before 1.65 it says nothing when the visitor goes back.
// Its notice of a lost connection takes the focus and does not give it back.
const STOPS = new WeakMap();
// The page that is shown: the component may outlive a change of pages.
let shown = "";
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
function tell(report) {
  if (wanted === null || wanted !== location.search) return;
  const idle = document.querySelector(".stApp").dataset.testScriptState === "notRunning";
  if (idle) report(wanted);
  setTimeout(() => tell(report), idle ? AGAIN : PAUSE);
}
function start(listens, report) {
  const focus = refocus();
  const watch = new MutationObserver(() => {
    repair();
    focus.look();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  // From one page to another Streamlit goes by itself.
  const onBack = () => {
    wanted = location.pathname.split("/").pop() === shown ? location.search : null;
    setTimeout(() => tell(report), PAUSE);
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
  if (data.heard === wanted) wanted = null;
  if (data.address != null) putRight(data.address);
  const share = parentElement.querySelector(".share");
  share.hidden = !data.shares;
  share.onclick = () => {
    const predict = new URLSearchParams(location.search).get("predict") === "1";
    setTriggerValue("share", { step: stepNow(), predict });
  };
  if (!STOPS.has(parentElement)) {
    STOPS.set(parentElement, start(data.listens, (query) => setTriggerValue("back", query)));
  }
  return () => {
    STOPS.get(parentElement)?.();
    STOPS.delete(parentElement);
  };
}
