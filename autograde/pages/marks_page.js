// Marks one question's answers by keys. What the marker does is one state: it is drawn, kept in the browser's storage
// under the assignment and a digest of the page, and written as a table that `autograde marks import` reads.
"use strict";
const at = (id) => document.getElementById(id);
const page = document.body.dataset;
const MOST = Number(page.most), STORE = page.store, COLUMNS = page.columns.split(" ");
// Letters of rubric lines: those that mean nothing else.
const LETTERS = "abdefghijklmnopqstvwxyz", MOST_UNDONE = 200;
const rows = [...document.querySelectorAll("template.answer")].map((template) => ({
  template,
  answers: template.dataset.answers.split(" ").map((pair) => pair.split(":")),
  stands: template.dataset.stands,
}));
const rowOf = new Map(rows.flatMap((row, number) => row.answers.map(([code]) => [code, number])));

let state = { rubric: [], rows: {} }; // of a line its letter and text; of a row its points, letters and comment
let place = 0, typed = "", editing = null, stored = true, saved = true;
const past = []; // what `u` goes back to: a place, and the state as it was there

const own = (number) => state.rows[number] ?? { letters: "", comment: "" };
const linesOf = (one) => state.rubric.filter((line) => one.letters.includes(line.letter));
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

function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(state));
    stored = true;
  } catch {
    stored = false;
  }
  at("unstored").hidden = stored;
}

function change(edit) {
  past.push([place, JSON.stringify(state)]);
  if (past.length > MOST_UNDONE) past.shift();
  edit();
  saved = false;
  keep();
  draw();
}

function set(values) {
  change(() => {
    const one = { ...own(place), ...values };
    const isEmpty = one.points === undefined && !one.letters && !one.comment;
    if (isEmpty) delete state.rows[place];
    else state.rows[place] = one;
  });
}

function undo() {
  const last = past.pop();
  if (!last) return say("Nothing to undo.");
  state = JSON.parse(last[1]);
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
  set(toggled(own(place), state.rubric.find((line) => line.letter === letter)));
}

function freeLetter() {
  const used = state.rubric.map((line) => line.letter).join("") + Object.values(state.rows).map((one) => one.letters).join("");
  return [...LETTERS].find((letter) => !used.includes(letter));
}

function edit(letter) {
  const line = state.rubric.find((one) => one.letter === letter);
  if (!line && !freeLetter()) return say("There is no letter left for another line.");
  editing = letter;
  at("line").hidden = false;
  at("line").value = line?.text ?? "";
  at("line").focus();
}

function endEdit(isKept) {
  const text = at("line").value.trim(), letter = editing ?? freeLetter();
  const known = state.rubric.find((line) => line.letter === letter);
  at("line").hidden = true;
  if (!isKept || text === (known?.text ?? "")) return;
  change(() => {
    if (known && text) known.text = text;
    else if (known) state.rubric = state.rubric.filter((line) => line !== known);
    else {
      const line = { letter, text };
      state.rubric.push(line);
      state.rows[place] = toggled(own(place), line);
    }
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
  at("lines").replaceChildren(...state.rubric.map((line) => {
    const users = Object.values(state.rows).filter((other) => other.letters.includes(line.letter)).length;
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
  for (const [number, one] of Object.entries(state.rows)) {
    const points = pointsOf(one), comment = commentOf(one);
    const rubric = linesOf(one).map((line) => `${line.letter} ${line.text}`).join("\n");
    for (const [student, of] of rows[number].answers) {
      const values = { assignment: page.assignment, answer: page.answer, student, of, points: points ?? "", comment, by, when, rubric };
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
  const missing = COLUMNS.filter((name) => !header.includes(name));
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
  const points = line.points === "" ? null : Number(line.points.replace(",", "."));
  if (points !== null && !(points >= 0 && points <= MOST)) return `${line.points} is no number of points from 0 to ${MOST}`;
  const texts = line.rubric.split("\n").filter(Boolean).map((text) => text.slice(2));
  const one = { letters: texts.map(letterOf).join(""), comment: "" };
  const written = commentOf(one);
  one.comment = line.comment.startsWith(written) ? line.comment.slice(written.length).trim() : line.comment;
  if (points !== pointsOf(one)) one.points = points ?? undefined;
  const there = state.rows[number];
  if (there && (pointsOf(there) !== pointsOf(one) || commentOf(there) !== commentOf(one))) return "this page has another mark, which stays";
  state.rows[number] = one;
  return "";
}

function letterOf(text) {
  let line = state.rubric.find((one) => one.text === text);
  if (!line) state.rubric.push(line = { letter: freeLetter() ?? "", text });
  return line.letter;
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
  else if (state.rubric.some((line) => line.letter === key)) toggle(key);
  else if (state.rubric.some((line) => line.letter.toUpperCase() === key)) edit(key.toLowerCase());
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

try {
  const found = JSON.parse(localStorage.getItem(STORE) ?? "null");
  if (found && Array.isArray(found.rubric) && Object.keys(found.rows).every((number) => rows[number])) state = found;
} catch { /* `keep` says that there is no storage */ }
keep();
if (rows.length) show(Math.max(0, rows.findIndex((_, number) => !isMarked(number))));
