// Several jobs over each other: their curves, and where their specifications differ.

import { Curves } from "./curves.js";
import { h } from "./dom.js";
import { number, percent } from "./format.js";
import { chip, fillState, stateBadge } from "./job-cells.js";
import { holding } from "./states.js";
import { Turns } from "./turns.js";

const pause = 2000;
const differencesShown = 60;

/** The leaves of a JSON value by their paths. */
function leaves(value, path = "", into = new Map()) {
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
        for (const [name, member] of Object.entries(value)) leaves(member, path ? `${path}.${name}` : name, into);
    } else {
        into.set(path, JSON.stringify(value));
    }
    return into;
}

export class CompareView {
    title = "Compare";
    element;
    #model;
    #ids;
    #curves;
    #specs = new Map();
    #table = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Jobs and differences" });
    #turns = new Turns((signal) => this.#load(signal), pause);
    #isLoaded = false;

    constructor(model, ids) {
        this.#model = model;
        this.#ids = ids;
        this.#curves = new Curves(model, ids);
        this.element = h("div", { class: "view compare-view" },
            h("div", { class: "tools" }, h("h1", {}, "Compare")),
            this.#curves.element,
            h("section", { class: "panel", "aria-labelledby": "differences-title" }, h("header", {}, h("h2", { id: "differences-title" }, "Where they differ")), this.#table));
    }

    open() {
        this.#turns.begin();
    }

    recolour() {
        this.#curves.recolour();
    }

    close() {
        this.#turns.end();
    }

    async #load(signal) {
        try {
            if (!this.#isLoaded) await this.#loadJobs(signal);
            const running = this.#ids.filter((id) => holding.includes(this.#model.jobs.get(id)?.state));
            await this.#curves.load(this.#isLoaded ? running : this.#ids, signal);
            this.#isLoaded = true;
        } catch {
            // The daemon is away, or a job is gone: the next turn asks again.
        }
        return true;
    }

    async #loadJobs(signal) {
        const jobs = await Promise.allSettled(this.#ids.map((id) => this.#model.loadJob(id, { signal })));
        this.#ids = this.#ids.filter((_, index) => jobs[index].status === "fulfilled");
        for (const { value } of jobs) {
            if (!value) continue;
            this.#curves.know(value);
            this.#specs.set(value.id, leaves(value.spec));
        }
        this.#showDifferences();
    }

    #showDifferences() {
        const paths = new Set([...this.#specs.values()].flatMap((values) => [...values.keys()]));
        const rows = [...paths].filter((path) => new Set([...this.#specs.values()].map((values) => values.get(path))).size > 1 && path !== "name");
        const cell = (value) => h("td", {}, value === undefined ? "–" : value);
        this.#table.replaceChildren(h("table", { class: "differences" },
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Field"), this.#ids.map((id) => h("th", { scope: "col" }, chip(id), h("a", { href: `#/jobs/${id}` }, this.#model.name(id)))))),
            h("tbody", {},
                h("tr", { class: "results" }, h("th", { scope: "row" }, "state"), this.#ids.map((id) => h("td", {}, stateBadge()))),
                h("tr", { class: "results" }, h("th", { scope: "row" }, "loss"), this.#ids.map(() => h("td"))),
                h("tr", { class: "results" }, h("th", { scope: "row" }, "accuracy"), this.#ids.map(() => h("td"))),
                rows.slice(0, differencesShown).map((path) => h("tr", {}, h("th", { scope: "row" }, path), this.#ids.map((id) => cell(this.#specs.get(id)?.get(path))))),
                rows.length > differencesShown ? h("tr", {}, h("td", { colspan: String(this.#ids.length + 1) }, `and ${rows.length - differencesShown} more`)) : null)));
        this.update();
    }

    update() {
        this.#curves.update();
        const [states, losses, accuracies] = this.#table.querySelectorAll("tr.results");
        if (!states) return;
        this.#ids.forEach((id, index) => {
            const job = this.#model.jobs.get(id);
            if (!job) return;
            fillState(states.children[index + 1].firstChild, job.state);
            losses.children[index + 1].textContent = number(job.progress?.loss);
            accuracies.children[index + 1].textContent = percent(job.result?.evaluation?.accuracy);
        });
    }
}
