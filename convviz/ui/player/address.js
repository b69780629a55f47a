// What the player writes into the address by itself; all else there is the page's.
function writeAddress(own) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(own)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  const query = url.search.replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  // A page opened from a file has no address that may be changed.
  if (location.protocol.startsWith("http") && query !== location.search) history.replaceState(history.state, "", `${url.pathname}${query}${url.hash}`);
}
