// Last year's answers, where the form offers them: taken over by one button, only into blank cells, with 撤销.
import { cellOf, decode, encode, kindOf, read, write } from "./fields.js";

export class Offers {
  constructor(form, { changed, say, rows }) {
    Object.assign(this, { form, changed, say, rows });
    this.button = form.querySelector("[data-take-offers]");
    this.button?.addEventListener("click", () => this.take());
    const copy = form.querySelector("[data-copy-rows]");
    if (copy && rows) {
      copy.hidden = false;
      copy.addEventListener("click", () => this.copyRows(copy));
    }
    this.show();
  }

  // Cells that are blank now and have an answer of last year.
  open() {
    const offers = [...this.form.querySelectorAll("tr[data-line] > [data-offer]")];
    const found = offers.map((offer) => [cellOf(offer.parentElement.dataset.line), offer.dataset.offer]);
    return found.filter(([cell]) => cell && !cell.classList.contains("off") && encode(kindOf(cell), read(cell)) === "");
  }

  show() {
    if (!this.button) return;
    const count = this.open().length;
    this.button.hidden = count === 0;
    this.button.textContent = `沿用上年内容（${count} 项）`;
  }

  take() {
    const taken = this.open();
    for (const [cell, text] of taken) this.put(cell, decode(kindOf(cell), text));
    this.show();
    this.say(`已填入上年的 ${taken.length} 项，请逐项核对。`, "撤销", () => {
      for (const [cell] of taken) this.put(cell, kindOf(cell) === "multi" ? [] : "");
      this.show();
    });
  }

  put(cell, value) {
    write(cell, value);
    this.changed(cell);
  }

  copyRows(copy) {
    const lines = [...copy.closest("details").querySelectorAll("tbody tr")];
    const added = [];
    for (const line of lines) {
      const made = this.rows.add();
      if (!made) break;
      added.push([made, [...line.querySelectorAll("[data-offer]")].map((cell) => this.offered(cell))]);
    }
    this.rows.commit();
    for (const [made, values] of added) this.rows.fill(made, values);
    this.say(`已添加 ${added.length} 行，请补充其余各栏。`, "撤销", () => {
      for (const [made] of added) this.rows.remove(made);
      this.rows.commit();
    });
  }

  offered(cell) {
    const { column, offer } = cell.dataset;
    const made = this.rows.template.content.querySelector(`[data-cell$="].${CSS.escape(column)}"]`);
    return [column, decode(kindOf(made), offer)];
  }
}
