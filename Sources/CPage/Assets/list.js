// A table of any length: only the rows that are seen are elements.

import { h, setAttribute, setText } from "./dom.js";
import { inNextFrame } from "./frame.js";

const margin = 6;

export class List {
    element;
    #columns;
    #key;
    #onOpen;
    #onSelect;
    #onEnd;
    #items = [];
    #rows = new Map();
    #head;
    #body;
    #space;
    #view;
    #note;
    #active = null;

    /**
     * - `label`: what the table is of.
     * - `columns`: `{name, label, class, make(), fill(cell, item), sorts}`; the first that has `link: true` holds a row's link.
     * - `key(item)`: what tells items apart.
     * - `onOpen(item)`, `onSelect(item)`: Enter and Space on a row; `onSort(name)`: a head was pressed; `onEnd()`: the end is near.
     */
    constructor({ label, columns, key, onOpen, onSelect, onSort, onEnd, empty }) {
        this.#columns = columns;
        this.#key = key;
        this.#onOpen = onOpen;
        this.#onSelect = onSelect;
        this.#onEnd = onEnd;
        this.#head = h("div", { role: "row", class: "row head" }, columns.map((column) => headCell(column, onSort)));
        this.#space = h("div", { role: "rowgroup", class: "space" });
        this.#note = h("p", { class: "empty", hidden: true }, empty ?? "Nothing here.");
        this.#view = h("div", { class: "rows", tabindex: "0", role: "presentation" }, this.#space, this.#note);
        this.#body = h("div", { role: "table", "aria-label": label, class: "list" }, h("div", { role: "rowgroup" }, this.#head), this.#view);
        this.element = this.#body;
        this.#view.addEventListener("scroll", () => inNextFrame(this.#draw), { passive: true });
        this.#view.addEventListener("keydown", (event) => this.#keyDown(event));
        this.#view.addEventListener("focusin", (event) => {
            const row = event.target.closest("[data-key]");
            if (row) this.#active = row.dataset.key;
        });
        new ResizeObserver(() => inNextFrame(this.#draw)).observe(this.#view);
    }

    /** Shows these, from the next frame on. */
    set items(items) {
        this.#items = items;
        inNextFrame(this.#draw);
    }

    /** Which head says that the rows are sorted by it: `ascending` or `descending`. */
    showSort(name, direction) {
        this.#columns.forEach((column, index) => {
            if (column.sorts) setAttribute(this.#head.children[index], "aria-sort", column.name === name ? direction : "none");
        });
    }

    #draw = () => {
        if (!this.#view.isConnected) return;
        const height = parseFloat(getComputedStyle(this.#view).getPropertyValue("--row")) || 30;
        const count = this.#items.length;
        setAttribute(this.#body, "aria-rowcount", count + 1);
        this.#note.hidden = count > 0;
        this.#space.style.height = `${count * height}px`;
        const first = Math.max(0, Math.floor(this.#view.scrollTop / height) - margin);
        const last = Math.min(count, Math.ceil((this.#view.scrollTop + this.#view.clientHeight) / height) + margin);
        const wanted = new Map();
        for (let index = first; index < last; index++) wanted.set(String(this.#key(this.#items[index])), index);
        const spare = [];
        for (const [key, row] of this.#rows) {
            if (wanted.has(key)) continue;
            // A row with the focus keeps it while it is out of sight.
            if (row.contains(document.activeElement) && this.#items.some((item) => String(this.#key(item)) === key)) continue;
            this.#rows.delete(key);
            spare.push(row);
        }
        for (const [key, index] of wanted) {
            let row = this.#rows.get(key);
            if (!row) {
                row = spare.pop() ?? this.#make();
                row.dataset.key = key;
                this.#rows.set(key, row);
                if (!row.isConnected) this.#space.append(row);
            }
            this.#fill(row, index, height);
        }
        for (const row of spare) row.remove();
        if (this.#onEnd && last >= count - 20) this.#onEnd();
    };

    #make() {
        return h("div", { role: "row", class: "row" }, this.#columns.map((column) => {
            const cell = column.make?.() ?? h("span");
            cell.setAttribute("role", "cell");
            cell.className = `${column.class ?? ""} ${cell.className}`.trim();
            return cell;
        }));
    }

    #fill(row, index, height) {
        const item = this.#items[index];
        row.style.transform = `translateY(${index * height}px)`;
        setAttribute(row, "aria-rowindex", index + 2);
        this.#columns.forEach((column, place) => {
            const cell = row.children[place];
            const text = column.fill(cell, item);
            if (text !== undefined) setText(cell, text);
        });
    }

    #keyDown(event) {
        if (event.target !== this.#view && !event.target.closest("[data-key]")) return;
        const page = Math.max(1, Math.floor(this.#view.clientHeight / 40));
        const at = this.#items.findIndex((item) => String(this.#key(item)) === this.#active);
        const moves = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), PageDown: at + page, PageUp: at - page, Home: 0, End: this.#items.length - 1 };
        if (event.key in moves) {
            event.preventDefault();
            this.#focus(Math.max(0, Math.min(this.#items.length - 1, moves[event.key])));
        } else if (event.key === " " && at >= 0 && this.#onSelect && event.target.tagName === "A") {
            event.preventDefault();
            this.#onSelect(this.#items[at]);
        } else if (event.key === "Enter" && at >= 0 && event.target === this.#view) {
            this.#onOpen?.(this.#items[at]);
        }
    }

    #focus(index) {
        if (index < 0 || this.#items.length === 0) return;
        const height = parseFloat(getComputedStyle(this.#view).getPropertyValue("--row")) || 30;
        const top = index * height;
        if (top < this.#view.scrollTop) this.#view.scrollTop = top;
        else if (top + height > this.#view.scrollTop + this.#view.clientHeight) this.#view.scrollTop = top + height - this.#view.clientHeight;
        this.#active = String(this.#key(this.#items[index]));
        this.#draw();
        this.#rows.get(this.#active)?.querySelector("a")?.focus({ preventScroll: true });
    }
}

function headCell(column, onSort) {
    const attributes = { role: "columnheader", class: column.class };
    if (!column.sorts) return h("span", attributes, column.label);
    return h("span", { ...attributes, "aria-sort": "none" }, h("button", { type: "button", onclick: () => onSort(column.name) }, column.label));
}
