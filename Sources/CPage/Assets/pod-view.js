// The first view: counts, the pod, what runs, what waits, what happened.

import { colourOf } from "./colour.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { clock, integer, percent, rate } from "./format.js";
import { chip, fillState, jobColumns, stateBadge } from "./job-cells.js";
import { List } from "./list.js";
import { PodGrid } from "./pod-grid.js";
import { ranges } from "./ranges.js";
import { holding, hostVerbs, pendingReasons, stateNames } from "./states.js";
import { VerbButtons } from "./verb-buttons.js";

const queueShown = 8;
const eventsShown = 40;
const rowsShown = 12;
const endedShown = 4;

export class PodView {
    title = "Pod";
    element;
    #model;
    #figures;
    #grid;
    #host;
    #running;
    #queue;
    #queueMore;
    #events;

    constructor(model) {
        this.#model = model;
        this.#figures = new Figures();
        this.#grid = new PodGrid(model, () => this.#host.update());
        this.#host = new HostPanel(model, this.#grid);
        this.#running = new List({
            label: "Running jobs, then those that ended last", columns: jobColumns("name", "state", "progress", "loss", "throughput", "time"),
            key: (job) => job.id, onOpen: (job) => (location.hash = `#/jobs/${job.id}`), empty: "No job yet: begin with New job.",
        });
        this.#queue = h("ol", { class: "lines" });
        this.#queueMore = h("a", { href: "#/queue" });
        this.#events = h("ol", { class: "lines events" });
        const panel = (name, title, more, ...content) => h("section", { class: `panel area-${name}`, "aria-labelledby": `${name}-title` },
            h("header", {}, h("h2", { id: `${name}-title` }, title), more), ...content);
        this.element = h("div", { class: "view pod-view" },
            h("h1", { class: "hidden" }, "Pod"),
            this.#figures.element,
            h("div", { class: "pod-body" },
                h("div", { class: "column" },
                    panel("pod", "Hosts and cores", h("span", { class: "note", id: "pod-name" }), this.#grid.element, this.#host.element),
                    panel("running", "Running, and ended last", h("a", { href: "#/jobs" }, "All jobs"), this.#running.element)),
                h("div", { class: "column" },
                    panel("queue", "Next in the queue", this.#queueMore, this.#queue),
                    panel("events", "What happened", null, h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "The last events" }, this.#events)))));
    }

    /** `topics`: what has changed, as the model tells it. */
    update(topics) {
        const model = this.#model;
        const has = (...names) => names.some((name) => topics.has(name));
        if (has("jobs", "counts", "topology")) this.#figures.update(model);
        if (has("topology")) this.#grid.update();
        if (has("topology", "jobs")) this.#host.update();
        if (has("topology")) setText(this.element.querySelector("#pod-name"), model.topology ? model.topology.pod : "");
        if (has("jobs")) this.#fillRunning();
        if (has("queue")) this.#fillQueue();
        if (has("events")) this.#fillEvents();
    }

    #fillRunning() {
        const model = this.#model;
        const running = model.running;
        const shown = [...running, ...model.ended.slice(0, Math.max(endedShown, rowsShown - running.length))];
        this.#running.items = shown;
        this.#running.element.style.setProperty("--count", Math.max(2, Math.min(16, shown.length)));
    }

    #fillEvents() {
        const events = telling(this.#model.events).slice(0, eventsShown);
        keyed(this.#events, events.length ? events : [null], (event) => event?.seq ?? "none", makeEvent, (line, event) => event && setText(line.children[2], this.#model.name(event.job_id)));
    }

    #fillQueue() {
        const model = this.#model;
        const waiting = model.queue;
        setText(this.#queueMore, waiting.length > queueShown ? `All ${integer(waiting.length)}` : "Queue");
        keyed(this.#queue, waiting.length ? waiting.slice(0, queueShown) : [null], (job) => job?.id ?? "none", makeWaiting, (line, job) => job && fillWaiting(line, job, model));
    }
}

/** The counts at the top. */
class Figures {
    element = h("dl", { class: "figures", "aria-label": "Counts" });

    update(model) {
        const cores = model.topology?.hosts.flatMap((host) => host.cores) ?? [];
        const busy = cores.filter((core) => core.job_id !== null).length;
        const hosts = model.topology?.hosts ?? [];
        const down = hosts.filter((host) => host.state === "DOWN").length;
        const draining = hosts.filter((host) => host.state === "DRAINING").length;
        const count = (...states) => states.reduce((sum, state) => sum + (model.counts[state] ?? 0), 0);
        const throughput = model.running.reduce((sum, job) => sum + (job.progress?.examples_per_second ?? 0), 0);
        const figures = [
            ["Cores busy", `${integer(busy)}`, `of ${integer(cores.length)}`, "#/"],
            ["Hosts", integer(hosts.length - down), down || draining ? `${down} down, ${draining} draining` : "all up", "#/", down ? "FAILED" : draining ? "PAUSED" : null],
            ["Running", integer(count(...holding)), "", "#/jobs?state=active", "RUNNING"],
            ["Waiting", integer(count("QUEUED", "RETRY_WAIT")), count("PAUSED") ? `${integer(count("PAUSED"))} paused` : "", "#/queue", "QUEUED"],
            ["Succeeded", integer(count("SUCCEEDED")), "", "#/jobs?state=SUCCEEDED", "SUCCEEDED"],
            ["Failed", integer(count("FAILED", "TIMED_OUT", "EXPIRED")), "", "#/jobs?state=failed", count("FAILED", "TIMED_OUT", "EXPIRED") ? "FAILED" : null],
            ["Throughput", rate(throughput), "examples/s", "#/"],
        ];
        keyed(this.element, figures, (figure) => figure[0],
            ([name]) => h("div", {}, h("dt", {}, name), h("dd", {}, h("a"), h("small"))),
            (tile, [, value, note, href, state]) => {
                const [link, small] = tile.lastChild.children;
                setText(link, value);
                setAttribute(link, "href", href);
                setText(small, note);
                setAttribute(tile, "data-state", state ?? null);
            });
    }
}

/** What is known of the host that is chosen, and its verbs. */
class HostPanel {
    element = h("div", { class: "host-panel", hidden: true, "aria-live": "polite" });
    #model;
    #grid;
    #title = h("h3");
    #jobs = h("ul", { class: "lines" });
    #buttons;

    constructor(model, grid) {
        this.#model = model;
        this.#grid = grid;
        this.#buttons = new VerbButtons({
            label: "Verbs of the host", verbs: hostVerbs, subject: () => `host ${grid.selected}`,
            ask: (verb) => model.askHost(grid.selected, verb),
        });
        this.element.append(h("header", {}, this.#title, this.#buttons.element), this.#jobs);
    }

    update() {
        const host = this.#model.topology?.hosts.find((one) => one.host === this.#grid.selected);
        this.element.hidden = !host;
        if (!host) return;
        const words = { UP: "up", DRAINING: "draining: takes no more jobs", DOWN: "down" };
        setText(this.#title, `Host ${host.host} is ${words[host.state] ?? host.state}`);
        this.#buttons.update(host.state);
        const cores = new Map();
        for (const core of host.cores) if (core.job_id) cores.set(core.job_id, [...(cores.get(core.job_id) ?? []), core.core]);
        keyed(this.#jobs, [...cores], ([id]) => id,
            ([id]) => h("li", {}, chip(id), h("a", { href: `#/jobs/${id}` }), h("span"), h("span", { class: "note" })),
            (line, [id, numbers]) => {
                const progress = this.#model.jobs.get(id)?.progress;
                const share = numbers.length / Math.max(1, this.#coresOf(id));
                setText(line.children[1], this.#model.name(id));
                setText(line.children[2], `core${numbers.length > 1 ? "s" : ""} ${ranges(numbers)}`);
                setText(line.children[3], `${rate((progress?.examples_per_second ?? NaN) * share)} examples/s, waits for input ${percent(progress?.infeed_wait_fraction)}`);
            });
    }

    #coresOf(id) {
        return this.#model.topology.hosts.reduce((sum, host) => sum + host.cores.filter((core) => core.job_id === id).length, 0);
    }
}

/** Of the checkpoints of a job that follow one another only the newest: they would push all else out of sight. */
function telling(events) {
    const last = new Map();
    return events.filter((event) => {
        const isRepeated = event.type === "CHECKPOINT" && last.get(event.job_id) === "CHECKPOINT";
        last.set(event.job_id, event.type);
        return !isRepeated;
    });
}

function makeWaiting(job) {
    if (!job) return h("li", { class: "empty" }, "Nothing waits.");
    return h("li", {}, h("span", { class: "position" }), chip(job.id), h("a", { href: `#/jobs/${job.id}` }), h("span", { class: "note" }));
}

function fillWaiting(line, job, model) {
    setText(line.children[0], integer(job.pending.position));
    setText(line.children[2], model.name(job.id));
    setText(line.children[3], pendingReasons[job.pending.reason] ?? job.pending.reason);
}

function makeEvent(event) {
    if (!event) return h("li", { class: "empty" }, "Nothing yet.");
    const what = h("span", { class: "what" });
    if (event.type === "STATE") {
        const badge = stateBadge();
        fillState(badge, event.to);
        what.append(badge);
        if (event.data?.outcome && event.data.outcome !== event.to) what.append(h("small", {}, event.data.outcome));
    } else if (event.type === "CHECKPOINT") {
        what.append(`checkpoint ${integer(event.data?.step)}`);
    } else {
        what.append(stateNames[event.type] ?? event.type.toLowerCase().replaceAll("_", " "));
    }
    const mark = h("i", { class: "chip", "data-job": colourOf(event.job_id), "aria-hidden": "true" });
    return h("li", {}, h("time", { datetime: event.at, title: event.at }, clock(event.at)), mark, h("a", { href: `#/jobs/${event.job_id}` }), what);
}
