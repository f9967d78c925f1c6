"use strict";
(() => {
  const danish = document.documentElement.lang === "da";
  const figure = (text) => {
    const digits = text.replace("−", "-").replace(/[^0-9.,-]/g, "");
    const plain = danish ? digits.replace(/\./g, "").replace(",", ".") : digits.replace(/,/g, "");
    const value = parseFloat(plain);
    return Number.isNaN(value) ? null : value;
  };
  const sort = (table, column, way) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map((row, place) => {
      const text = row.cells[column].textContent.trim();
      return { row, place, text, value: figure(text) };
    });
    const numbers = rows.some((r) => r.value !== null) && table.tHead.rows[0].cells[column].classList.contains("number");
    rows.sort((a, b) => {
      if (numbers) {
        if (a.value === null || b.value === null) {
          return (a.value === null) - (b.value === null) || a.place - b.place;
        }
        return way * (a.value - b.value) || a.place - b.place;
      }
      return way * a.text.localeCompare(b.text, danish ? "da" : "en") || a.place - b.place;
    });
    rows.forEach((r) => body.append(r.row));
  };
  document.querySelectorAll("table.sortable").forEach((table) => {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", way === 1 ? "ascending" : "descending");
        sort(table, column, way);
      });
    });
  });
  const stops = () => document.querySelectorAll(".wide").forEach((box) => {
    box.removeAttribute("tabindex");
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    }
  });
  stops();
  window.addEventListener("resize", stops);
  const panel = document.getElementById("panel");
  const show = (link) => {
    const start = document.getElementById(link.hash.slice(1));
    if (!start) {
      return false;
    }
    const parts = [];
    for (let at = start.nextElementSibling; at && !/^H[1-3]$/.test(at.tagName); at = at.nextElementSibling) {
      parts.push(at.cloneNode(true));
    }
    panel.querySelector("h2").textContent = start.textContent;
    panel.querySelector(".told").replaceChildren(...parts);
    panel.querySelectorAll(".told [id]").forEach((part) => part.removeAttribute("id"));
    panel.querySelector(".leave a").setAttribute("href", link.hash);
    panel.showModal();
    panel.scrollTop = 0;
    return true;
  };
  if (panel && panel.showModal) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.figure");
      const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      if (link && plain && show(link)) {
        event.preventDefault();
      }
    });
    panel.addEventListener("click", (event) => {
      if (event.target === panel || event.target.closest("a, button")) {
        panel.close();
      }
    });
  }
  const filter = document.querySelector(".filter");
  const table = document.getElementById("indikatorer");
  if (!filter || !table) {
    return;
  }
  filter.hidden = false;
  const [words, centre, finding] = ["soeg", "center", "fund"].map((id) => document.getElementById(id));
  const told = document.getElementById("antal");
  const narrow = () => {
    let count = 0;
    Array.from(table.tBodies[0].rows).forEach((row) => {
      const cells = Array.from(row.cells).map((cell) => cell.textContent.trim());
      const wanted = words.value.trim().toLowerCase();
      const shown = (!wanted || cells.join(" ").toLowerCase().includes(wanted))
        && (!centre.value || cells[1] === centre.value)
        && (!finding.value || cells[5] === finding.value);
      row.hidden = !shown;
      count += shown;
    });
    told.textContent = `${count} ${count === 1 ? told.dataset.one : told.dataset.many}`;
  };
  [words, centre, finding].forEach((field) => field.addEventListener("input", narrow));
  narrow();
})();
