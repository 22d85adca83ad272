// The curves of one job or of several over each other: a chart for each quantity, all zoomed alike.

import { Chart, ChartGroup } from "./chart.js";
import { jobColour } from "./colour.js";
import { h, setAttribute } from "./dom.js";
import { duration, integer, number, percent, rate } from "./format.js";
import { MetricsFeed } from "./metrics-feed.js";
import { learningRate } from "./schedule.js";
import { speeds } from "./series.js";

const order = ["loss", "accuracy"];
const curvePoints = 400;

export class Curves {
    element;
    #model;
    #specs = new Map();
    #feeds = new Map();
    #live = new Map();
    #ids;
    #group = new ChartGroup();
    #charts = new Map();
    #grid = h("div", { class: "charts" });
    #empty = h("p", { class: "empty" }, "No points yet.");
    #isByTime = false;
    #drawn = "";

    /** Curves of the jobs with these ids. */
    constructor(model, ids) {
        this.#model = model;
        this.#ids = ids;
        for (const id of ids) this.#feeds.set(id, new MetricsFeed(id));
        const axis = h("select", { "aria-label": "Across", onchange: () => this.#setAxis(axis.value === "time") }, h("option", { value: "step" }, "by step"), h("option", { value: "time" }, "by time"));
        const smoothing = h("input", { type: "range", min: "0", max: "0.99", step: "0.01", value: "0", oninput: () => {
            this.#group.smoothing = Number(smoothing.value);
            this.#group.changed();
        } });
        const logarithmic = h("input", { type: "checkbox", onchange: () => {
            this.#group.isLogarithmic = logarithmic.checked;
            this.#group.changed();
        } });
        const all = h("button", { type: "button", onclick: () => {
            this.#group.zoom = null;
            this.#group.changed();
        } }, "Show all");
        this.element = h("section", { class: "panel curves", "aria-labelledby": "curves-title" },
            h("header", {}, h("h2", { id: "curves-title" }, "Curves"),
                h("div", { class: "controls" }, axis, h("label", {}, "Smoothing ", smoothing), h("label", {}, logarithmic, " log y"), all)),
            this.#empty, this.#grid);
    }

    /** Takes a job's specification in, for what follows from it. */
    know(job) {
        if (job.spec) this.#specs.set(job.id, job.spec);
    }

    /** Asks for new points; draws once they are there. */
    async load(ids = this.#ids, signal) {
        await Promise.all(ids.map((id) => this.#feeds.get(id).load(signal)));
        this.update();
    }

    /** Notes what is known only while one looks: how long a job waits for its input. */
    sample(id) {
        const progress = this.#model.jobs.get(id)?.progress;
        if (!progress || progress.infeed_wait_fraction === null) return;
        if (!this.#live.has(id)) this.#live.set(id, { steps: [], values: [], times: [] });
        const samples = this.#live.get(id);
        if (samples.steps.at(-1) === progress.global_step) return;
        samples.steps.push(progress.global_step);
        samples.values.push(progress.infeed_wait_fraction);
        samples.times.push(Date.now() / 1000);
    }

    /** Draws anew in the colours of another theme. */
    recolour() {
        this.#group.changed();
    }

    #setAxis(isByTime) {
        this.#isByTime = isByTime;
        this.#group.zoom = null;
        this.#group.cursor = null;
        this.#group.formatX = isByTime ? duration : integer;
        this.#drawn = "";
        this.update();
    }

    update() {
        const stamp = this.#ids.map((id) => `${this.#feeds.get(id).version}:${this.#live.get(id)?.steps.length ?? 0}:${this.#specs.has(id)}:${this.#model.jobs.get(id)?.name}`).join() + this.#isByTime;
        if (stamp === this.#drawn) return;
        this.#drawn = stamp;
        const quantities = new Map();
        const add = (quantity, curve) => quantities.set(quantity, [...(quantities.get(quantity) ?? []), curve]);
        for (const id of this.#ids) this.#collect(id, add);
        const names = [...quantities.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
        this.#empty.hidden = names.length > 0;
        for (const name of names) {
            if (!this.#charts.has(name)) this.#charts.set(name, new Chart({ title: titles[name] ?? name, group: this.#group, format: formats[name] ?? number }));
            const chart = this.#charts.get(name);
            setAttribute(chart.element, "data-quantity", name);
            if (chart.element.parentElement !== this.#grid) this.#grid.append(chart.element);
            // What was trained before what was evaluated, as it lies below.
            chart.set(quantities.get(name).sort((a, b) => Number(Boolean(a.isDashed)) - Number(Boolean(b.isDashed))));
        }
        for (const [name, chart] of this.#charts) if (!quantities.has(name)) chart.element.remove();
        names.forEach((name, index) => {
            const element = this.#charts.get(name).element;
            if (this.#grid.children[index] !== element) this.#grid.insertBefore(element, this.#grid.children[index] ?? null);
        });
    }

    #collect(id, add) {
        const { series } = this.#feeds.get(id);
        const isOne = this.#ids.length === 1;
        const job = this.#model.jobs.get(id);
        const prefix = isOne ? "" : `${this.#model.name(id)} `;
        const begin = series.get("loss")?.times[0] ?? Math.min(Infinity, ...[...series.values()].map(({ times }) => times[0]));
        const curve = (name, { steps, times }, ys, style = {}) => ({
            name: prefix + name, colour: () => jobColour(id), ...style,
            xs: this.#isByTime ? times.map((time) => Math.max(0, time - begin)) : steps, ys,
        });
        for (const [name, points] of series) {
            const isEvaluation = name.startsWith("eval/");
            const quantity = isEvaluation ? name.slice(5) : name;
            add(quantity, curve(isEvaluation ? "evaluation" : "training", points, points.values, { isDashed: isEvaluation }));
        }
        const loss = series.get("loss");
        const spec = this.#specs.get(id);
        if (loss && loss.steps.length > 1) {
            const seconds = loss.times.at(-1) - loss.times[0];
            const { at, values } = speeds(loss.steps, loss.times, Math.max(Math.min(1, seconds / 10), seconds / 150));
            const batch = spec?.train_batch_size ?? null;
            const pick = (list) => at.map((index) => list[index]);
            const where = { steps: pick(loss.steps), times: pick(loss.times) };
            add(batch ? "throughput" : "speed", curve(batch ? "examples/s" : "steps/s", where, batch ? values.map((value) => value * batch) : values));
        }
        const target = loss?.steps.at(-1) ?? this.#model.jobs.get(id)?.progress?.target_step;
        const rateAt = spec && !series.has("learning_rate") && target ? learningRate(spec.optimizer) : null;
        if (rateAt && !this.#isByTime) {
            const steps = Array.from({ length: Math.min(curvePoints, target) + 1 }, (_, index) => Math.round((index * target) / Math.min(curvePoints, target)));
            add("learning_rate", curve("as specified", { steps, times: steps }, steps.map(rateAt), { isExact: true }));
        }
        const waits = this.#live.get(id);
        if (waits && waits.steps.length > 1) add("infeed", curve("waits for input", waits, waits.values));
    }
}

const titles = {
    loss: "Loss", accuracy: "Accuracy", learning_rate: "Learning rate", throughput: "Throughput, examples/s", speed: "Speed, steps/s",
    infeed: "Time spent waiting for input, since this view was opened",
};
const formats = { throughput: rate, speed: rate, infeed: percent };

function rank(name) {
    const last = ["learning_rate", "throughput", "speed", "infeed"];
    const place = order.indexOf(name);
    if (place >= 0) return place;
    return last.includes(name) ? 20 + last.indexOf(name) : 10;
}
