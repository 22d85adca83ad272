// A job's checkpoints and attempts.

import { api } from "./api.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { between, bytes, clock, duration, integer } from "./format.js";
import { fillState, stateBadge } from "./job-cells.js";
import { fileLink } from "./token.js";

const reasons = { INTERVAL: "interval", FINAL: "end", REQUEST: "request", STOP: "stop", BEST: "best", NEWEST: "newest" };

/** A panel with a table of a job. */
class TablePanel {
    element;
    id;
    body = h("tbody");
    #note;

    constructor(id, name, title, heads, note) {
        this.id = id;
        this.#note = h("p", { class: "empty" }, note);
        this.element = h("section", { class: `panel ${name}`, "aria-labelledby": `${name}-title` },
            h("header", {}, h("h2", { id: `${name}-title` }, title)), this.#note,
            h("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": `${name}-title` },
                h("table", {}, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), this.body)));
        this.show(0);
    }

    show(count) {
        this.#note.hidden = count > 0;
        this.element.lastChild.hidden = count === 0;
    }
}

export class Checkpoints extends TablePanel {
    constructor(id) {
        super(id, "checkpoints", "Checkpoints", ["Step", "Written", "Kept for", "Size", "Files"], "No checkpoint yet.");
    }

    async load(signal) {
        const { checkpoints } = await api.checkpoints(this.id, { signal });
        this.show(checkpoints.length);
        keyed(this.body, checkpoints, (one) => one.step, (one) => this.#make(one), (row, one) => {
            setAttribute(row, "data-state", one.state);
            setText(row.children[2], one.state === "DAMAGED" ? "damaged" : reasons[one.kept_because] ?? one.kept_because);
        });
    }

    #make(one) {
        const files = one.files.filter((file) => file.name !== "manifest.json");
        return h("tr", {}, h("td", { class: "figure" }, integer(one.step)), h("td", {}, h("time", { datetime: one.created_at }, clock(one.created_at))), h("td"),
            h("td", { class: "figure" }, bytes(one.bytes)),
            h("td", { class: "files" }, files.map((file) => fileLink(api.file(this.id, one.step, file.name), `${one.step}-${file.name}`, {
                title: `${bytes(file.bytes)}, SHA-256 ${file.sha256}`,
            }, file.name.replace(/\.(safetensors|json)$/, "")))));
    }
}

export class Attempts extends TablePanel {
    constructor(id) {
        super(id, "attempts", "Attempts", ["#", "Outcome", "Steps", "Began", "Took"], "Not started yet.");
    }

    async load(signal) {
        const { attempts } = await api.attempts(this.id, { signal });
        this.show(attempts.length);
        keyed(this.body, attempts.reverse(), (one) => one.attempt, () => h("tr", {}, h("td", { class: "figure" }), h("td", {}, stateBadge(), h("small")), h("td", { class: "figure" }), h("td"), h("td", { class: "figure" })), (row, one) => {
            const [number, outcome, steps, began, took] = row.children;
            setText(number, one.attempt);
            fillState(outcome.firstChild, one.outcome ?? "RUNNING");
            setText(outcome.lastChild, one.error ? `${one.error.code}: ${one.error.message}` : "");
            setText(steps, `${integer(one.start_step)} – ${one.end_step === null ? "…" : integer(one.end_step)}`);
            setText(began, clock(one.started_at));
            setText(took, duration(between(one.started_at, one.finished_at)));
        });
    }
}
