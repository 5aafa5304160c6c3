// Marks one question's answers by keys. What the marker does is one state: it is drawn, kept in the browser's storage
// under the assignment and a digest of the page, and written as a table that `autograde marks import` reads. Storage is
// shared with other tabs, and of files with every page on this disk: each thing in it is signed, and taken one by one.
"use strict";
const at = (id) => document.getElementById(id);
const page = document.body.dataset;
const MOST = Number(page.most), STORE = page.store, COLUMNS = page.columns.split(" ");
// Letters of rubric lines: those that mean nothing else.
const LETTERS = "abdefghijklmnopqstvwxyz", MOST_UNDONE = 200, MOST_WORDS = 60;
const rows = [...document.querySelectorAll("template.answer")].map((template) => ({
  template,
  answers: template.dataset.answers.split(" ").map((pair) => pair.split(":")),
  stands: template.dataset.stands,
}));
const rowOf = new Map(rows.flatMap((row, number) => row.answers.map(([code]) => [code, number])));

// By letter the text of a rubric line, which is empty once it is removed; by number of a row its points, letters and
// comment, and whether it ever `had` points.
const state = {};
let place = 0, typed = "", editing = null, stored = true, saved = true, seen = null;
const past = []; // what `u` goes back to: a place, and what was there of all that changed then

const EMPTY = { letters: "", comment: "" };
const own = (number) => state[number] ?? EMPTY;
const marks = () => Object.entries(state).filter(([name]) => rows[name]);
const rubric = () => [...LETTERS].filter((letter) => state[letter]).map((letter) => ({ letter, text: state[letter] }));
const linesOf = (one) => rubric().filter((line) => one.letters.includes(line.letter));
const valueOf = (line) => Number((/^\s*([+\-−]\s*\d+(?:[.,]\d+)?)/.exec(line.text)?.[1] ?? "NaN")
  .replace(/\s/g, "").replace("−", "-").replace(",", "."));

function pointsOf(one) {
  if (one.points !== undefined) return one.points;
  const values = linesOf(one).map(valueOf).filter((value) => !Number.isNaN(value));
  if (!values.length) return null;
  const start = values.some((value) => value > 0) ? 0 : MOST;
  return Math.min(MOST, Math.max(0, values.reduce((sum, value) => sum + value, start)));
}
const commentOf = (one) => [...linesOf(one).map((line) => line.text), one.comment].filter(Boolean).join("\n");
const isMarked = (number) => pointsOf(own(number)) !== null || rows[number].stands !== "";
const left = () => rows.filter((_, number) => !isMarked(number)).length;
const say = (text) => { at("said").textContent = text; };

// HMAC with SHA-256 (RFC 2104, FIPS 180-4), at once: what browsers have of it keeps callers waiting.

const PRIMES = [];
for (let number = 2; PRIMES.length < 64; number++) if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);
const fraction = (number) => Math.floor((number % 1) * 2 ** 32);
const STEPS = PRIMES.map((prime) => fraction(Math.cbrt(prime))), START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const signatures = new Map(); // by their texts: of a hundred marks one changes
const KEY = Uint8Array.from(page.key.match(/../g), (digits) => parseInt(digits, 16));

function sha256(bytes) {
  const length = Math.ceil((bytes.length + 9) / 64) * 64, view = new DataView(new ArrayBuffer(length));
  new Uint8Array(view.buffer).set([...bytes, 0x80]);
  view.setBigUint64(length - 8, BigInt(bytes.length * 8));
  const hash = Uint32Array.from(START), words = new Uint32Array(64);
  const turned = (word, bits) => (word >>> bits) | (word << (32 - bits));
  for (let block = 0; block < length; block += 64) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let step = 0; step < 64; step++) {
      const early = words[step - 15], late = words[step - 2];
      words[step] = step < 16 ? view.getUint32(block + 4 * step)
        : words[step - 16] + (turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)) +
          words[step - 7] + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10));
      const more = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) +
        STEPS[step] + words[step];
      const most = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [(more + most) | 0, a, b, c, (d + more) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => { hash[place] += word; });
  }
  return [...hash].flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

function signature(text) {
  if (!signatures.has(text)) signatures.set(text, signatureOf(text));
  return signatures.get(text);
}

function signatureOf(text) {
  const padded = (pad) => Array.from({ length: 64 }, (_, place) => (KEY[place] ?? 0) ^ pad);
  const inner = sha256([...padded(0x36), ...new TextEncoder().encode(text)]);
  return sha256([...padded(0x5c), ...inner]).map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What this page signs of a line or a row: for which answers it is, and what it comes to.
function signed(name) {
  const one = state[name], row = rows[name];
  return signature(JSON.stringify([row?.answers ?? name, one, row && pointsOf(one), row && commentOf(one)]));
}

function keep() {
  const kept = Object.keys(state).map((name) => [name, { is: state[name], sign: signed(name) }]);
  try {
    seen = JSON.stringify(Object.fromEntries(kept));
    localStorage.setItem(STORE, seen);
    stored = true;
  } catch {
    stored = false;
  }
  at("unstored").hidden = stored;
}

// Takes in what this page, perhaps in another tab, has stored; returns how many marks that were.
function pull() {
  let found = null, count = 0;
  try {
    const text = localStorage.getItem(STORE);
    if (text !== seen) found = JSON.parse(seen = text);
  } catch { /* `keep` says that there is no storage */ }
  for (const name of [...LETTERS, ...rows.keys()]) { // lines first: they say what rows come to
    const was = state[name];
    if (!found?.[name]) continue;
    state[name] = found[name].is;
    if (!isOurs(name, found[name].sign)) {
      if (was === undefined) delete state[name];
      else state[name] = was;
    } else if (rows[name] && pointsOf(state[name]) !== null) count++;
  }
  return count;
}

function isOurs(name, sign) {
  try { return sign === signed(name); } catch { return false; }
}

function change(edit) {
  pull();
  const before = { ...state };
  edit();
  for (const [number, one] of marks()) if (pointsOf(one) !== null) state[number] = { ...one, had: true };
  const changed = Object.keys(state).filter((name) => JSON.stringify(state[name]) !== JSON.stringify(before[name]));
  past.push([place, changed.map((name) => [name, before[name]])]);
  if (past.length > MOST_UNDONE) past.shift();
  saved = false;
  keep();
  draw();
}

function set(values) {
  change(() => { state[place] = { ...own(place), ...values }; });
}

function undo() {
  const last = past.pop();
  if (!last) return say("Nothing to undo.");
  pull();
  for (const [name, was] of last[1]) state[name] = was ?? (rows[name] ? EMPTY : "");
  saved = false;
  keep();
  show(last[0]);
}

// Moving between answers

function show(number) {
  place = number;
  typed = "";
  at("answer").replaceChildren(rows[place].template.content.cloneNode(true));
  scrollTo(0, 0);
  say("");
  draw();
}

function next() {
  for (let step = 1; step <= rows.length; step++) {
    const number = (place + step) % rows.length;
    if (!isMarked(number)) return show(number);
  }
  show((place + 1) % rows.length);
  say("All answers have points: save the table.");
}

// Points, rubric and comment

function type(key) {
  if (key === ".") {
    const whole = Math.floor(Number(typed) || 0);
    if (whole + 0.5 > MOST) return say(`At most ${MOST}.`);
    typed = `${whole}.5`;
  } else {
    const longer = typed + key;
    typed = typed && !typed.includes(".") && Number(longer) <= MOST ? longer : key;
    if (Number(typed) > MOST) {
      typed = "";
      return say(`At most ${MOST}.`);
    }
  }
  say("");
  set({ points: Number(typed) });
}

// A mark with or without a rubric line, whose points take the place of typed ones.
function toggled(one, line) {
  const letters = one.letters.includes(line.letter) ? one.letters.replace(line.letter, "") : one.letters + line.letter;
  return { ...one, letters, points: Number.isNaN(valueOf(line)) ? one.points : undefined };
}

function toggle(letter) {
  typed = "";
  set(toggled(own(place), { letter, text: state[letter] }));
}

function freeLetter() {
  return [...LETTERS].find((letter) => !state[letter] && !marks().some(([, one]) => one.letters.includes(letter)));
}

function edit(letter) {
  if (!letter && !freeLetter()) return say("There is no letter left for another line.");
  editing = letter;
  at("line").hidden = false;
  at("line").value = state[letter] ?? "";
  at("line").focus();
}

function endEdit(isKept) {
  const text = at("line").value.trim(), letter = editing ?? freeLetter();
  at("line").hidden = true;
  if (!isKept || text === (state[letter] ?? "")) return;
  change(() => {
    if (!state[letter]) state[place] = toggled(own(place), { letter, text });
    state[letter] = text;
  });
}

function endComment(isKept) {
  const text = at("comment").value.trim();
  if (isKept && text !== own(place).comment) set({ comment: text });
  else draw();
  at("comment").blur();
}

function draw() {
  const one = own(place), points = pointsOf(one), equal = rows[place].answers.length, stands = rows[place].stands;
  at("left").textContent = `${left()} of ${rows.length} left`;
  at("place").textContent = `Answer ${place + 1} of ${rows.length}` +
    (equal > 1 ? `: ${equal} students wrote exactly this, and each gets its points` : "");
  at("points").textContent = points ?? "–";
  at("stands").textContent = stands ? `In the gradebook: ${stands}` : "";
  at("comment").value = one.comment;
  at("lines").replaceChildren(...rubric().map((line) => {
    const users = marks().filter(([, other]) => other.letters.includes(line.letter)).length;
    const item = document.createElement("li"), tick = document.createElement("button"), pen = document.createElement("button");
    tick.textContent = `${line.letter}  ${line.text}`;
    tick.setAttribute("aria-pressed", one.letters.includes(line.letter));
    tick.addEventListener("click", () => toggle(line.letter));
    pen.textContent = `change (${users})`;
    pen.setAttribute("aria-label", `change line ${line.letter}, which ${users} have`);
    pen.addEventListener("click", () => edit(line.letter));
    item.append(tick, pen);
    return item;
  }));
}

// The table, out and in

const guarded = (line) => line.replace(new RegExp(`(^|;\\s*)(?=[${page.formulas}])`, "g"), "$1'");
const unguarded = (line) => line.replace(new RegExp(`(^|;\\s*)'(?=[${page.formulas}])`, "g"), "$1");
const eachLine = (text, edited) => text.split("\n").map(edited).join("\n");
const cell = (text) => /[",;\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function table(by, when) {
  const lines = [COLUMNS];
  for (const [number, one] of marks()) {
    const points = pointsOf(one) ?? (one.had ? page.back : ""), comment = commentOf(one);
    if (points === "" && !comment) continue;
    const rubric = linesOf(one).map((line) => `${line.letter} ${line.text}`).join("\n");
    const begins = rows[number].template.content.textContent.trim().replace(/\s+/g, " ").slice(0, MOST_WORDS);
    for (const [student, of] of rows[number].answers) {
      const values = { assignment: page.assignment, answer: page.answer, student, of, points, comment, by, when, rubric, begins };
      lines.push(COLUMNS.map((name) => eachLine(String(values[name] ?? ""), guarded)));
    }
  }
  return lines.map((line) => line.map(cell).join(",") + "\n").join("");
}

function save() {
  document.activeElement.blur(); // a comment that is being written belongs to it
  const by = at("by").value.trim();
  if (!by) {
    at("by").focus();
    return say("First say who marks: your name.");
  }
  const when = `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([table(by, when)], { type: "text/csv" }));
  link.download = `${page.name}-${by.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  saved = true;
  say(`Saved ${link.download}. Give it to autograde marks import.`);
}

function cellsOf(text) { // RFC 4180
  const lines = [[""]];
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index], line = lines.at(-1);
    if (quoted && char === '"' && text[index + 1] === '"') line[line.length - 1] += text[++index];
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ",") line.push("");
    else if (!quoted && char === "\n") lines.push([""]);
    else if (quoted || char !== "\r") line[line.length - 1] += char;
  }
  return lines;
}

function opened(text) {
  const [header, ...lines] = cellsOf(text.replace(/^\ufeff/, ""));
  const missing = COLUMNS.slice(0, -1).filter((name) => !header.includes(name)); // nothing depends on how answers begin
  if (missing.length) return say(`This table has no column ${missing.join(", ")}. Open one that this page saved.`);
  const refused = [];
  change(() => {
    lines.forEach((cells, number) => {
      const line = Object.fromEntries(header.map((name, column) => [name, eachLine(cells[column] ?? "", unguarded)]));
      const reason = line.student && taken(line);
      if (reason) refused.push(`line ${number + 2}, answer ${line.student}: ${reason}`);
    });
  });
  at("refused").textContent = refused.join("\n");
  say(refused.length ? `Not taken: ${refused.length}, listed below.` : "Every mark of the table is here.");
}

// Takes a mark of a table into the state; returns why not.
function taken(line) {
  const number = rowOf.get(line.student);
  if (number === undefined || line.assignment !== page.assignment || line.answer !== page.answer) return "not on this page";
  if (rows[number].answers.find(([code]) => code === line.student)[1] !== line.of) return "the answer has changed since it was read";
  const given = line.points.trim(), isBack = given === page.back, isEmpty = isBack || given === "";
  const points = isEmpty ? null : /^\d+([.,]\d+)?$/.test(given) ? Number(given.replace(",", ".")) : NaN;
  if (!isEmpty && !(points <= MOST)) return `${line.points} is no number of points from 0 to ${MOST}`;
  const texts = line.rubric.split("\n").filter(Boolean).map((text) => text.slice(2));
  const one = { letters: texts.map(letterOf).join(""), comment: "" };
  const written = commentOf(one);
  one.comment = line.comment.startsWith(written) ? line.comment.slice(written.length).trim() : line.comment;
  if (points !== pointsOf(one)) one.points = points ?? undefined;
  if (isBack) one.had = true;
  const there = own(number), isThere = there.had || commentOf(there);
  if (isThere && (pointsOf(there) !== pointsOf(one) || commentOf(there) !== commentOf(one))) return "this page has another mark, which stays";
  state[number] = one;
  return "";
}

function letterOf(text) {
  const letter = rubric().find((line) => line.text === text)?.letter ?? freeLetter();
  if (letter) state[letter] = text;
  return letter ?? "";
}

// Keys and buttons

function press(key) {
  if (/^[0-9.]$/.test(key)) type(key);
  else if (key === ",") type(".");
  else if (key === "Enter") next();
  else if (key === "ArrowRight") show((place + 1) % rows.length);
  else if (key === "ArrowLeft") show((place + rows.length - 1) % rows.length);
  else if (key === "c") at("comment").focus();
  else if (key === "r") edit(null);
  else if (key === "u") undo();
  else if (LETTERS.includes(key) && state[key]) toggle(key);
  else if (LETTERS.toUpperCase().includes(key) && state[key.toLowerCase()]) edit(key.toLowerCase());
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== "s") return;
    event.preventDefault();
    return save();
  }
  const field = event.target.closest("input, textarea"), isButton = event.target.closest("button");
  if (event.altKey || event.isComposing || (isButton && ["Enter", " "].includes(event.key))) return;
  if (!field) {
    if (press(event.key)) event.preventDefault();
  } else if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) {
    event.preventDefault();
    const isKept = event.key === "Enter";
    if (field.id === "line") endEdit(isKept);
    else if (field.id === "comment") endComment(isKept);
    else field.blur();
  }
});
at("comment").addEventListener("change", () => endComment(true));
at("line").addEventListener("blur", () => { if (!at("line").hidden) endEdit(true); });
document.querySelectorAll("button[data-key]").forEach((button) => {
  button.addEventListener("click", () => { press(button.dataset.key); button.blur(); });
});
at("save").addEventListener("click", save);
at("open").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) opened(await file.text());
  event.target.value = "";
});
addEventListener("beforeunload", (event) => { if (!stored && !saved) event.preventDefault(); });

addEventListener("storage", () => {
  pull();
  if (!document.activeElement.matches("input, textarea")) draw();
});

const count = pull();
keep();
if (rows.length) show(Math.max(0, rows.findIndex((_, number) => !isMarked(number))));
if (count) say(count > 1 ? `${count} marks of before, as this browser kept them.` : "One mark of before, as this browser kept it.");
