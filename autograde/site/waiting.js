// A cell that waits until Python is loaded says so where its output will be. The saved notebook has nothing of it.
"use strict";
const note = document.createElement("p");
note.setAttribute("role", "status");
note.style.cssText = "margin: 6px 12px 6px 76px; color: var(--jp-ui-font-color2)";
let file = "", last = -Infinity;
new BroadcastChannel("descentlab loading").onmessage = ({ data }) => { file = data; last = performance.now(); };

// "numpy" of numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl, "Python" of pyodide.asm.wasm.
const named = () => /\.whl$/.test(file) ? file.split("-")[0] : /\.(wasm|zip)$/.test(file) ? "Python" : "";

setInterval(() => {
  const notebook = window.jupyterapp?.shell.currentWidget;
  const kernel = notebook?.sessionContext?.session?.kernel;
  const loading = kernel?.status === "unknown" || performance.now() - last < 3000;
  const runs = loading && notebook?.content?.widgets?.find((cell) => cell.model?.executionState === "running")?.node;
  if (!runs) return note.remove();
  const text = `Python is being loaded into this browser${named() && ` (${named()})`}: about 40 MB the first time, ` +
    "which can take a minute. Your cell runs then.";
  if (note.textContent !== text) note.textContent = text;
  if (note.parentNode !== runs) runs.append(note);
}, 300);
