// Starts the player on its own page, and again when the colours of the system change.
const scene = document.getElementById("scene").textContent;
const show = () => mount({ parentElement: document.querySelector("main"), data: { scene } });
matchMedia("(prefers-color-scheme: dark)").onchange = show;
show();
// So that keys and a clicker work at once; inside another page the focus is that page's.
if (window === top) document.querySelector(".player").focus({ preventScroll: true });
