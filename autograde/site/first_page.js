// What the visitor wrote, out of the browser's store and back. JupyterLite keeps its files in an IndexedDB of the
// site's fixed name, in the store "files", by path.
"use strict";
const settings = JSON.parse(document.getElementById("settings").textContent);
const KIND = "descentlab-work", SAVED = "descentlab saved";
const say = (text) => { document.getElementById("said").textContent = text; };
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function store(mode) {
  const opening = indexedDB.open(settings.storage);
  // JupyterLite adds its other stores when it is first opened.
  opening.onupgradeneeded = () => opening.result.createObjectStore("files");
  const database = await done(opening);
  if (!database.objectStoreNames.contains("files")) { database.close(); return null; }
  return database.transaction("files", mode).objectStore("files");
}

async function written() {
  const known = await indexedDB.databases();
  if (!known.some((one) => one.name === settings.storage)) return [];
  const files = await store("readonly");
  const all = files ? await done(files.getAll()) : [];
  if (files) files.transaction.db.close();
  return all.filter((file) => file.type !== "directory");
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function save() {
  const files = await written();
  if (!files.length) return say(settings.nothing);
  const day = new Date().toISOString().slice(0, 10);
  download(`descentlab-work-${day}.json`, JSON.stringify({ kind: KIND, files }));
  localStorage.setItem(SAVED, new Date().toISOString());
  say(settings.saved);
  await show();
}

function filesOf(name, text) {
  let content;
  try { content = JSON.parse(text); } catch { return []; }
  if (content?.kind === KIND && Array.isArray(content.files)) {
    return content.files.filter((file) => typeof file?.path === "string" && file.content !== undefined);
  }
  // A notebook alone, as it was downloaded: "sgd.ipynb", or "sgd (1).ipynb".
  const stem = name.replace(/( ?\(\d+\))?\.ipynb$/, "");
  const path = settings.lessons.find((lesson) => lesson.endsWith(`/${stem}.ipynb`));
  if (!path || !Array.isArray(content?.cells)) return [];
  const now = new Date().toISOString();
  return [{ name: path.split("/").pop(), path, content, type: "notebook", format: "json", mimetype: "application/json",
    size: text.length, writable: true, created: now, last_modified: now }];
}

async function restore(event) {
  const chosen = event.target.files[0];
  event.target.value = "";
  const files = chosen ? filesOf(chosen.name, await chosen.text()) : [];
  if (!files.length) return say(settings.unknown);
  if ((await written()).length && !confirm(settings.replace)) return;
  const target = await store("readwrite");
  for (const file of files) target.put(file, file.path);
  await new Promise((resolve, reject) => {
    target.transaction.oncomplete = resolve;
    target.transaction.onerror = () => reject(target.transaction.error);
  });
  target.transaction.db.close();
  say(settings.restored);
  await show();
}

async function show() {
  const files = new Map((await written()).map((file) => [file.path, file]));
  for (const mark of document.querySelectorAll(".changed")) {
    mark.textContent = files.has(mark.dataset.path) ? settings.changed : "";
  }
  const last = localStorage.getItem(SAVED) ?? "";
  const unsaved = [...files.values()].some((file) => String(file.last_modified) > last);
  const warning = document.getElementById("warning");
  warning.hidden = !unsaved;
  warning.textContent = unsaved ? settings.unsaved : "";
}

const orSay = (action) => (event) => action(event).catch((error) => say(String(error)));
document.getElementById("save").addEventListener("click", orSay(save));
document.getElementById("restore").addEventListener("change", orSay(restore));
addEventListener("pageshow", orSay(show));
navigator.storage?.persist?.();
