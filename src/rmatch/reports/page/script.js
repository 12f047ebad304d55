"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const collator = new Intl.Collator("en-GB", { numeric: true });

  // Pairs: sort, filter, open and close.
  const table = document.querySelector("[data-sortable]");
  if (table) {
    const bodies = () => Array.from(table.tBodies);
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      // Chromium repeats no head on paper that has a button in it.
      const paper = document.createElement("span");
      paper.className = "paper";
      paper.textContent = head.textContent;
      head.replaceChildren(button, paper);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(head, column));
    });

    const sort = (head, column) => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      const number = head.hasAttribute("data-number");
      const key = (body) => body.rows[0].cells[column].dataset.key;
      const compare = number ? (a, b) => a - b : collator.compare;
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      bodies()
        .sort((a, b) => (up ? 1 : -1) * compare(key(a), key(b)))
        .forEach((body) => table.append(body));
    };

    const tools = document.querySelector("[data-tools]");
    tools.hidden = false;
    const all = bodies().length;
    const texts = new Map(
      bodies().map((body) => [body, body.rows[0].textContent.toLowerCase()])
    );
    const filter = $("filter");
    filter.addEventListener("input", () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      texts.forEach((text, body) => {
        body.hidden = !words.every((word) => text.includes(word));
        shown += body.hidden ? 0 : 1;
      });
      const pairs = all === 1 ? " pair" : " pairs";
      $("count").textContent = words.length ? shown + " of " + all + pairs : all + pairs;
      $("no-hits").hidden = shown > 0;
    });

    const opener = $("open-all");
    opener.addEventListener("click", () => {
      const open = opener.getAttribute("aria-pressed") !== "true";
      opener.setAttribute("aria-pressed", String(open));
      table.querySelectorAll("details").forEach((one) => { one.open = open; });
    });
  }

  // On paper a panel reads every drawer; a coordinator, whose drawers are long, those that are open.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    const which = document.body.dataset.audience === "panel" ? "details" : "details.settings";
    opened = Array.from(document.querySelectorAll(which)).filter((one) => !one.open);
    opened.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));

  // Why not: every sentence was written beforehand; here they are only looked up.
  const explorer = document.querySelector("[data-explorer]");
  if (!explorer) return;
  explorer.hidden = false;
  const data = JSON.parse($("answers").textContent);
  const answers = data.answers[0], which = data.answers[1];
  const picks = { mentor: $("mentor"), mentee: $("mentee") };

  const lines = (row, column) => {
    const at = row * data.mentees.length + column;
    return answers[which[at]].map((position) => {
      const mentee = position < 0;
      const points = data.points[at];
      const parts = {
        "\u0001": data.mentors[row],
        "\u0002": data.mentees[column],
        "\u0003": mentee ? data.held[1][column] : data.held[0][row],
        "\u0004": Number.isInteger(points) && !data.decimals ? points : Number(points).toFixed(1),
      };
      const sentence = data.sentences[mentee ? -1 - position : position];
      return sentence.replace(/[\u0001-\u0004]/g, (mark) => parts[mark]);
    });
  };

  const tell = () => {
    const row = picks.mentor.value, column = picks.mentee.value;
    if (row === "" || column === "") return;
    const told = lines(Number(row), Number(column)).map((line) => {
      const p = document.createElement("p");
      p.textContent = line;
      return p;
    });
    $("answer").replaceChildren.apply($("answer"), told);
  };

  Object.keys(picks).forEach((side) => {
    const select = picks[side];
    const options = Array.from(select.options);
    select.selectedIndex = -1;
    select.addEventListener("change", tell);
    $(side + "-find").addEventListener("input", (event) => {
      const wanted = event.target.value.toLowerCase();
      const kept = select.value;
      const hits = options.filter((one) => one.text.toLowerCase().includes(wanted));
      select.replaceChildren.apply(select, hits);
      select.value = hits.length === 1 ? hits[0].value : kept;
      tell();
    });
  });
})();
