// Four things Streamlit leaves undone. It cannot change the address without a step in the history.
// It calls its drop zones decoration, yet gives them a name: to
// a screen reader they are groups. It does not say which link is the page one is on. And before
// 1.65 it says nothing when the visitor goes back.
const STOPS = new WeakMap();
const repair = () => {
  for (const zone of document.querySelectorAll('section[role="presentation"][aria-label]')) {
    zone.setAttribute("role", "group");
  }
  for (const link of document.querySelectorAll('[data-testid="stPageLink-NavLink"]')) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
};
function start(listens, report) {
  const watch = new MutationObserver(repair);
  watch.observe(document.body, { childList: true, subtree: true });
  const page = location.pathname;
  const onBack = () => location.pathname === page && report(location.search);
  if (listens) addEventListener("popstate", onBack);
  repair();
  return () => {
    watch.disconnect();
    removeEventListener("popstate", onBack);
  };
}
/** Puts the address right without a step in the history: Back must not lead to the bad one. */
function putRight(address) {
  const others = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("embed"));
  const query = [address, new URLSearchParams(others).toString()].filter(Boolean).join("&");
  history.replaceState(history.state, "", `${location.pathname}${query && "?"}${query}${location.hash}`);
}
export default function ({ data, parentElement, setTriggerValue }) {
  if (data.address != null) putRight(data.address);
  if (!STOPS.has(parentElement)) {
    STOPS.set(parentElement, start(data.listens, (query) => setTriggerValue("back", query)));
  }
  return () => {
    STOPS.get(parentElement)?.();
    STOPS.delete(parentElement);
  };
}
