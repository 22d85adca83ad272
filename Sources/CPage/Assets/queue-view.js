// The jobs that wait, in the order in which they will start, and why each waits.

import { colourOf } from "./colour.js";
import { h, setAttribute, setText } from "./dom.js";
import { ago, clock, integer } from "./format.js";
import { chip } from "./job-cells.js";
import { List } from "./list.js";
import { pendingReasons } from "./states.js";

export class QueueView {
    title = "Queue";
    element;
    #model;
    #list;
    #count = h("span", { class: "note", role: "status" });

    constructor(model) {
        this.#model = model;
        this.#list = new List({
            label: "Queue", key: (waiting) => waiting.id, onOpen: (waiting) => (location.hash = `#/jobs/${waiting.id}`),
            empty: "Nothing waits.",
            columns: [
                { name: "position", label: "#", class: "figure position", fill: (_, waiting) => integer(waiting.pending.position) },
                {
                    name: "name", label: "Job", class: "name", make: () => h("span", {}, chip(null), h("a", { tabindex: "-1" }), h("small")),
                    fill: (cell, waiting) => {
                        const [mark, link, id] = cell.children;
                        setAttribute(mark, "data-job", colourOf(waiting.id));
                        setText(link, model.name(waiting.id));
                        setAttribute(link, "href", `#/jobs/${waiting.id}`);
                        setText(id, waiting.id.slice(-6));
                    },
                },
                { name: "priority", label: "Priority", class: "figure priority", fill: (_, waiting) => integer(waiting.priority) },
                { name: "reason", label: "Why it waits", class: "reason", fill: (cell, waiting) => {
                    setAttribute(cell, "title", waiting.pending.reason);
                    return pendingReasons[waiting.pending.reason] ?? waiting.pending.reason;
                } },
                { name: "blocking", label: "Behind", class: "blocking", fill: (_, waiting) => behind(waiting.pending.blocking, model) },
                { name: "start", label: "Not before", class: "figure start", fill: (_, waiting) => (waiting.pending.earliest_start ? clock(waiting.pending.earliest_start) : "–") },
                { name: "since", label: "Waits since", class: "figure submitted", fill: (_, waiting) => ago(model.jobs.get(waiting.id)?.queued_at) },
            ],
        });
        this.element = h("div", { class: "view queue-view" },
            h("div", { class: "tools" }, h("h1", {}, "Queue"), this.#count),
            h("section", { class: "panel fills", "aria-label": "Queue" }, this.#list.element));
    }

    update(topics) {
        if (!topics.has("queue") && !topics.has("jobs")) return;
        this.#list.items = this.#model.queue;
        setText(this.#count, `${integer(this.#model.queue.length)} wait${this.#model.queue.length === 1 ? "s" : ""}`);
    }
}

function behind(ids, model) {
    if (!ids.length) return "";
    const names = ids.slice(0, 2).map((id) => model.name(id)).join(", ");
    return ids.length > 2 ? `${names} and ${integer(ids.length - 2)} more` : names;
}
