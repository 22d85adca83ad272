// All jobs: filtered, sorted, chosen to be compared.

import { h, setAttribute, setText } from "./dom.js";
import { integer } from "./format.js";
import { jobColumns, sortKeys } from "./job-cells.js";
import { List } from "./list.js";
import { holding, stateNames } from "./states.js";

const filters = [
    { name: "all", label: "All", states: Object.keys(stateNames) },
    { name: "active", label: "Running", states: holding },
    { name: "waiting", label: "Waiting", states: ["QUEUED", "RETRY_WAIT"] },
    { name: "PAUSED", label: "Paused", states: ["PAUSED"] },
    { name: "SUCCEEDED", label: "Succeeded", states: ["SUCCEEDED"] },
    { name: "failed", label: "Failed", states: ["FAILED", "TIMED_OUT", "EXPIRED"] },
    { name: "CANCELLED", label: "Cancelled", states: ["CANCELLED"] },
];
const mostCompared = 12;

export class JobsView {
    title = "Jobs";
    element;
    #model;
    #list;
    #filter;
    #text = "";
    #sort = { name: "submitted", direction: "descending" };
    #chosen = new Set();
    #chips;
    #compare;
    #count = h("span", { class: "note", role: "status" });

    constructor(model, parameters) {
        this.#model = model;
        this.#filter = filters.find((filter) => filter.name === parameters.get("state")) ?? filters[0];
        this.#chips = filters.map((filter) => h("button", { type: "button", class: "filter", onclick: () => this.#use(filter) }, h("span", {}, filter.label), h("small")));
        this.#compare = h("a", { class: "button", hidden: true });
        const choice = {
            name: "choice", label: "", class: "choice",
            make: () => h("span", {}, h("input", { type: "checkbox", tabindex: "-1", onchange: (event) => this.#choose(event.target.closest("[data-key]").dataset.key) })),
            fill: (cell, job) => {
                cell.firstChild.checked = this.#chosen.has(job.id);
                setAttribute(cell.firstChild, "aria-label", `Compare ${job.name}`);
            },
        };
        this.#list = new List({
            label: "Jobs",
            columns: [choice, ...jobColumns("name", "state", "progress", "loss", "throughput", "time", "submitted", "labels")],
            key: (job) => job.id, onOpen: (job) => (location.hash = `#/jobs/${job.id}`), onSelect: (job) => this.#choose(job.id),
            onSort: (name) => this.#sortBy(name), onEnd: () => model.hasMore && model.loadMore(), empty: "No job is like that.",
        });
        this.#list.showSort(this.#sort.name, this.#sort.direction);
        this.element = h("div", { class: "view jobs-view" },
            h("div", { class: "tools" }, h("h1", {}, "Jobs"),
                h("input", { type: "search", placeholder: "Name, id, label", "aria-label": "Filter by name, id, label", oninput: (event) => {
                    this.#text = event.target.value.trim().toLowerCase();
                    this.update();
                } }),
                h("div", { class: "filters", role: "group", "aria-label": "States" }, this.#chips),
                this.#count, this.#compare),
            h("section", { class: "panel fills", "aria-label": "Jobs" }, this.#list.element));
    }

    #use(filter) {
        this.#filter = filter;
        history.replaceState(null, "", filter.name === "all" ? "#/jobs" : `#/jobs?state=${filter.name}`);
        this.update();
    }

    #sortBy(name) {
        const isSame = this.#sort.name === name;
        const first = name === "name" || name === "loss" || name === "state" ? "ascending" : "descending";
        this.#sort = { name, direction: isSame ? (this.#sort.direction === "ascending" ? "descending" : "ascending") : first };
        this.#list.showSort(name, this.#sort.direction);
        this.update();
    }

    #choose(id) {
        if (!this.#chosen.delete(id) && this.#chosen.size < mostCompared) this.#chosen.add(id);
        this.update();
    }

    update(topics) {
        if (topics && !topics.has("jobs") && !topics.has("counts")) return;
        const states = new Set(this.#filter.states);
        const text = this.#text;
        let jobs = this.#model.sorted.filter((job) => states.has(job.state));
        if (text) jobs = jobs.filter((job) => job.id.startsWith(text) || job.id.endsWith(text) || job.name.toLowerCase().includes(text) || Object.entries(job.labels ?? {}).some(([name, value]) => `${name}=${value}`.toLowerCase().includes(text)));
        const { name, direction } = this.#sort;
        if (name !== "submitted" || direction !== "descending") {
            const key = sortKeys[name];
            const sign = direction === "ascending" ? 1 : -1;
            jobs = jobs.map((job) => [key(job), job]).sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : 0)).map((pair) => pair[1]);
        }
        this.#list.items = jobs;
        this.#chips.forEach((chip, index) => {
            setAttribute(chip, "aria-pressed", String(filters[index] === this.#filter));
            setText(chip.lastChild, integer(filters[index].states.reduce((sum, state) => sum + (this.#model.counts[state] ?? 0), 0)));
        });
        setText(this.#count, text ? `${integer(jobs.length)} found${this.#model.hasMore ? " of those loaded" : ""}` : "");
        this.#compare.hidden = this.#chosen.size < 2;
        setText(this.#compare, `Compare ${this.#chosen.size}`);
        setAttribute(this.#compare, "href", `#/compare/${[...this.#chosen].join(",")}`);
    }
}
