// A JSON document as fields: a group for each object and list, an input for each value. Faults are shown where they are.

import { h } from "./dom.js";
import { child } from "./pointer.js";
import { parse } from "./api.js";

let count = 0;

/** Whether a value is a leaf: null, a text, a number (also one that JavaScript can't hold), a truth value. */
function isLeaf(value) {
    return typeof value !== "object" || value === null || Boolean(JSON.isRawJSON?.(value));
}

export class Fields {
    element = h("div", { class: "fields" });
    #value = {};
    #places = new Map();
    #opened = new Set();
    /** Where there was something else than a text once: what is written there is read as JSON, also after a text was. */
    #read = new Set();
    #showsUnset = false;

    /** The document. */
    get value() {
        return this.#value;
    }

    set value(value) {
        this.#value = value;
        this.#draw();
    }

    /** Whether members that are null are shown, too. */
    set showsUnset(value) {
        this.#showsUnset = value;
        this.#draw();
    }

    #draw() {
        this.#places.clear();
        this.#places.set("", this.element);
        this.element.replaceChildren(...this.#members(this.#value, ""));
    }

    #members(value, pointer) {
        const parts = Array.isArray(value) ? value.map((member, index) => [index, member]) : Object.entries(value);
        const elements = parts.filter(([, member]) => this.#showsUnset || member !== null).map(([name, member]) => this.#member(value, name, member, child(pointer, name)));
        elements.push(this.#adder(value, pointer));
        return elements;
    }

    #member(owner, name, value, pointer) {
        return isLeaf(value) ? this.#leaf(owner, name, value, pointer) : this.#group(owner, name, value, pointer);
    }

    #leaf(owner, name, value, pointer) {
        const id = `field-${++count}`;
        const label = h("label", { for: id }, Array.isArray(owner) ? `item ${name}` : name);
        let input;
        if (typeof value === "boolean") {
            input = h("select", { id, onchange: () => (owner[name] = input.value === "true") }, ["true", "false"].map((word) => h("option", { value: word, selected: String(value) === word }, word)));
        } else {
            if (typeof value !== "string") this.#read.add(pointer);
            const isText = !this.#read.has(pointer);
            const text = JSON.isRawJSON?.(value) ? value.rawJSON : value === null ? "" : String(value);
            input = h("input", { id, value: text, placeholder: value === null ? "not set" : null, spellcheck: "false", autocomplete: "off", inputmode: typeof value === "number" ? "decimal" : null,
                oninput: () => (owner[name] = isText ? input.value : read(input.value)) });
        }
        const row = h("div", { class: "field" }, label, input, this.#remover(owner, name));
        this.#places.set(pointer, row);
        return row;
    }

    /** A layer, loss or source in the short form, `{"Dense": {…}}`, is one group, not two inside each other. */
    #group(owner, name, value, pointer) {
        const names = Object.keys(value);
        const inner = !Array.isArray(value) && names.length === 1 && !isLeaf(value[names[0]]) && !Array.isArray(value[names[0]]) ? names[0] : null;
        const title = inner === null ? String(name) : `${name} · ${inner}`;
        const shown = inner === null ? value : value[inner];
        const shownPointer = inner === null ? pointer : child(pointer, inner);
        const size = Object.keys(shown).length;
        const group = h("details", { class: "group", open: this.#opened.has(pointer) || pointer.split("/").length <= 2 || size <= 3 });
        group.addEventListener("toggle", () => (group.open ? this.#opened.add(pointer) : this.#opened.delete(pointer)));
        group.append(h("summary", {}, h("b", {}, title), h("small", {}, preview(shown))), this.#remover(owner, name), h("div", { class: "members" }, this.#members(shown, shownPointer)));
        this.#places.set(pointer, group);
        this.#places.set(shownPointer, group);
        return group;
    }

    #remover(owner, name) {
        return h("button", { type: "button", class: "quiet remove", "aria-label": `Remove ${Array.isArray(owner) ? `item ${name}` : name}`, title: "Remove", onclick: () => {
            if (Array.isArray(owner)) owner.splice(Number(name), 1);
            else delete owner[name];
            this.#draw();
        } }, "×");
    }

    /** Adds a member: of a list by a copy of its last, of an object by name and value. */
    #adder(value, pointer) {
        if (Array.isArray(value)) {
            return h("button", { type: "button", class: "quiet add", onclick: () => {
                value.push(value.length ? parse(JSON.stringify(value.at(-1))) : "");
                this.#draw();
            } }, value.length ? "Add another like the last" : "Add an item");
        }
        const input = h("input", { placeholder: "add: name = value", "aria-label": `Add a field to ${pointer || "the job"}, as name = value`, spellcheck: "false", autocomplete: "off" });
        const add = (event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            const [name, ...rest] = input.value.split("=");
            if (!name.trim()) return;
            value[name.trim()] = read(rest.join("=").trim());
            this.#draw();
        };
        input.addEventListener("keydown", add);
        return h("div", { class: "field add" }, input);
    }

    /** Takes all faults away. */
    clearFaults() {
        for (const fault of this.element.querySelectorAll(".fault")) fault.remove();
        for (const input of this.element.querySelectorAll("[aria-invalid]")) {
            input.removeAttribute("aria-invalid");
            input.removeAttribute("aria-describedby");
        }
    }

    /** Shows a fault at its field, or at the nearest group that there is; returns what the focus goes to. */
    showFault({ pointer = "", detail }) {
        let known = pointer;
        while (known && !this.#places.has(known)) known = known.slice(0, known.lastIndexOf("/"));
        const place = this.#places.get(known);
        const rest = pointer.slice(known.length + 1);
        const id = `fault-${++count}`;
        const fault = h("p", { class: "fault", id }, rest ? `${rest}: ${detail}` : detail);
        for (let parent = place; parent && parent !== this.element; parent = parent.parentElement) if (parent.tagName === "DETAILS") parent.open = true;
        const input = place.matches(".field") ? place.querySelector("input, select") : null;
        if (input) {
            place.append(fault);
            input.setAttribute("aria-invalid", "true");
            input.setAttribute("aria-describedby", id);
            return input;
        }
        if (place === this.element) place.prepend(fault);
        else place.querySelector(".members").prepend(fault);
        return place.querySelector("summary, input") ?? place;
    }
}

/** What somebody wrote as a value: JSON where it is, else a text; nothing is null. */
function read(text) {
    if (text.trim() === "") return null;
    try {
        return parse(text);
    } catch {
        return text;
    }
}

/** The first few values of a group, for its title. */
function preview(value) {
    if (Array.isArray(value)) return `${value.length} item${value.length === 1 ? "" : "s"}`;
    return Object.entries(value).filter(([, member]) => isLeaf(member) && member !== null).slice(0, 3).map(([name, member]) => `${name} ${JSON.isRawJSON?.(member) ? member.rawJSON : member}`).join(", ");
}
