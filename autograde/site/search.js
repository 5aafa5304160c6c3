// A search's result leads to the section that holds most of the words, and quotes its text, not its code.
"use strict";
if (typeof Search !== "undefined") {
  const quote = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, words, anchor) => {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("[role=main] article");
    const at = anchor && main.querySelector(`[id="${anchor.slice(1)}"]`)?.closest("section");
    main.querySelectorAll(".headerlink, script, style, .cell_input, .toctree-wrapper").forEach((one) => one.remove());
    const sections = [...main.querySelectorAll("section[id]")].reverse().map((section) => {
      const own = section.textContent;
      const title = section.querySelector("h1, h2, h3, h4, h5, h6")?.textContent ?? "";
      section.remove(); // what is left of an outer section is its own
      const count = (text) => [...words].filter((word) => text.toLowerCase().includes(word.toLowerCase())).length;
      return { id: section.id, title, own, held: count(own) + count(title) };
    }).reverse();
    const best = sections.find((one) => one.id === at?.id)
      ?? sections.reduce((best, one) => (one.held > best.held ? one : best), sections[0]);
    if (!best) return quote(html, words, anchor);
    const shown = document.createElement("main");
    shown.setAttribute("role", "main");
    shown.textContent = best.own.replace(/\s+/g, " ");
    const summary = quote(shown.outerHTML, words, "");
    if (best === sections[0]) return summary;
    queueMicrotask(() => { // once it stands under its result
      const link = summary.parentElement.querySelector("a");
      link.href = `${link.href.split("#")[0]}#${best.id}`;
      link.append(`: ${best.title}`);
    });
    return summary;
  };
}
