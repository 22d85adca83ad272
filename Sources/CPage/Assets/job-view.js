// One job.

import { changeJob } from "./change-dialog.js";
import { colourOf } from "./colour.js";
import { Curves } from "./curves.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { ago, between, clock, duration, integer, number, percent, rate } from "./format.js";
import { chip, fillMeter, fillState, fractionDone, meter, stateBadge } from "./job-cells.js";
import { Attempts, Checkpoints } from "./job-tables.js";
import { LogTail } from "./log-tail.js";
import { ModelSummary } from "./model-summary.js";
import { notify } from "./notices.js";
import { ranges } from "./ranges.js";
import { holding, isFinal, pendingReasons, verbs } from "./states.js";
import { fileLink } from "./token.js";
import { Turns } from "./turns.js";
import { VerbButtons } from "./verb-buttons.js";

const pause = 1000;

export class JobView {
    title = "Job";
    element;
    #model;
    #id;
    #isKnown = false;
    #name = h("span");
    #chip;
    #badge = stateBadge();
    #reason = h("p", { class: "why", role: "status" });
    #meter = meter();
    #done = h("span", { class: "done" });
    #facts = h("dl", { class: "facts panel" });
    #buttons;
    #predictions;
    #curves;
    #log;
    #checkpoints;
    #attempts;
    #summary = new ModelSummary();
    #spec = h("pre", { class: "summary", tabindex: "0", "aria-label": "Specification as JSON" });
    #missing = h("p", { class: "empty", role: "status", hidden: true });
    #body;
    #turns = new Turns((signal) => this.#ask(signal), pause);
    #version = -1;

    constructor(model, id) {
        this.#model = model;
        this.#id = id;
        this.#chip = chip(id);
        this.#badge.setAttribute("role", "status");
        this.#buttons = new VerbButtons({ label: "Verbs of the job", verbs, subject: () => model.name(id), ask: (verb) => this.#askFor(verb) });
        this.#predictions = fileLink(`/v1/jobs/${id}/predictions`, `${id}.predictions.ndjson`, { class: "button", hidden: true }, "Predictions");
        this.#curves = new Curves(model, [id]);
        this.#log = new LogTail(id);
        this.#checkpoints = new Checkpoints(id);
        this.#attempts = new Attempts(id);
        const specPanel = h("details", { class: "panel fold" }, h("summary", {}, h("h2", {}, "Specification")), this.#spec);
        this.#body = h("div", { class: "job-body" },
            h("div", { class: "column wide" }, this.#curves.element, this.#log.element),
            h("div", { class: "column" }, this.#facts, this.#checkpoints.element, this.#attempts.element, this.#summary.element, specPanel));
        this.element = h("div", { class: "view job-view" },
            h("header", { class: "job-head" },
                h("div", { class: "job-title" }, h("h1", {}, this.#chip, this.#name), this.#badge, h("code", { class: "id" }, id)),
                h("div", { class: "job-verbs" }, h("a", { class: "button primary", href: `#/new?from=${id}` }, "Edit a copy"), h("button", { type: "button", onclick: () => this.#change() }, "Change"), this.#predictions, this.#buttons.element),
                h("div", { class: "job-progress" }, this.#meter, this.#done), this.#reason),
            this.#missing, this.#body);
    }

    /** Begins to ask; the view is shown. */
    open() {
        this.#turns.begin();
    }

    recolour() {
        this.#curves.recolour();
    }

    close() {
        this.#turns.end();
    }

    async #askFor(verb) {
        await this.#model.ask(this.#id, verb);
        if (verb === "delete") location.hash = "#/jobs";
        else this.#version = -1;
    }

    async #change() {
        try {
            changeJob(await this.#model.loadJob(this.#id), (job) => {
                this.#model.changed(job);
                this.#version = -1;
            });
        } catch (error) {
            notify(error.message, "error");
        }
    }

    /** Whether there is more to come. */
    async #ask(signal) {
        if (document.visibilityState === "visible") {
            try {
                await this.#load(signal);
            } catch (error) {
                if (error.status === 404 && !signal.aborted) {
                    this.#gone(error.message);
                    return false;
                }
            }
        }
        return true;
    }

    async #load(signal) {
        const known = this.#model.jobs.get(this.#id);
        const isLive = !known || !isFinal(known);
        const hasChanged = !known || known.version !== this.#version;
        if (!hasChanged && !isLive) return;
        if (hasChanged || holding.includes(known.state)) {
            const job = await this.#model.loadJob(this.#id, { signal });
            this.#take(job);
        }
        const loads = [];
        if (hasChanged) loads.push(this.#checkpoints.load(signal), this.#attempts.load(signal));
        this.#curves.sample(this.#id);
        loads.push(this.#curves.load(undefined, signal), this.#log.load(signal));
        await Promise.all(loads);
        // What came between the answers is asked for once more.
        this.#version = known ? known.version : -1;
    }

    #take(job) {
        if (!this.#isKnown) {
            this.#isKnown = true;
            this.#curves.know(job);
            this.#summary.spec = job.spec;
        }
        setText(this.#spec, JSON.stringify(job.spec, null, 2));
    }

    #gone(message) {
        this.#body.hidden = true;
        this.#missing.hidden = false;
        setText(this.#missing, message);
    }

    update() {
        const job = this.#model.jobs.get(this.#id);
        if (!job) return;
        this.title = job.name;
        setText(this.#name, job.name);
        setAttribute(this.#chip, "data-job", colourOf(this.#id));
        fillState(this.#badge, job.state);
        this.#buttons.update(job.state);
        this.#predictions.hidden = !job.result?.predictions;
        fillMeter(this.#meter, fractionDone(job), job.state);
        const { global_step: step, target_step: target, eta_seconds: eta } = job.progress ?? {};
        const parts = [target ? `step ${integer(step)} of ${integer(target)}` : `step ${integer(step)}`];
        if (target) parts.push(percent(step / target));
        if (job.state === "RUNNING" && eta !== null) parts.push(`${duration(eta)} left`);
        setText(this.#done, parts.join(" · "));
        const why = reason(job, this.#model);
        setText(this.#reason, why);
        this.#reason.hidden = !why;
        setAttribute(this.#reason, "data-kind", job.error && isFinal(job) ? "error" : null);
        this.#fillFacts(job);
        this.#curves.update();
    }

    #fillFacts(job) {
        const progress = job.progress ?? {};
        const evaluation = Object.entries(job.result?.evaluation ?? {}).filter(([name]) => name !== "global_step");
        const hosts = job.placement?.hosts ?? [];
        const perHost = hosts.length > 1 ? ` (${rate((progress.examples_per_second ?? NaN) / hosts.length)} a host)` : "";
        const facts = [
            ["Loss", number(progress.loss)],
            ...evaluation.map(([name, value]) => [`Evaluation ${name.replaceAll("_", " ")}`, number(value)]),
            ["Steps/s", number(progress.steps_per_second)],
            ["Examples/s", rate(progress.examples_per_second) + (progress.examples_per_second ? perHost : "")],
            ["Waits for input", percent(progress.infeed_wait_fraction)],
            ["Runs on", hosts.length ? hosts.map(({ host, cores }) => `host ${host} (${ranges(cores)})`).join(", ") : "–"],
            ["Slice", job.placement?.slice ?? "–"], ["Mode", job.mode.replaceAll("_", " ")], ["Priority", integer(job.priority)],
            ["Attempt", `${job.attempt} of ${job.max_attempts}`], ["Submitted", `${clock(job.created_at)} (${ago(job.created_at)}) by ${job.owner}`],
            ["Started", clock(job.started_at)],
            ["Took", job.started_at ? duration(between(job.started_at, job.finished_at)) : "–"],
            ["Labels", Object.entries(job.labels ?? {}).map(([name, value]) => `${name}=${value}`).join(" ") || "–"],
        ];
        keyed(this.#facts, facts, ([name]) => name, ([name]) => h("div", {}, h("dt", {}, name), h("dd")), (row, [, value]) => setText(row.lastChild, value));
    }
}

/** Why a job is as it is, where its state does not say all. */
function reason(job, model) {
    if (job.pending) {
        const behind = job.pending.blocking.slice(0, 3).map((id) => model.name(id)).join(", ");
        return `Number ${integer(job.pending.position)} in the queue. ${pendingReasons[job.pending.reason] ?? job.pending.reason}${behind ? ` (${behind})` : ""}.`;
    }
    if (job.error) return `${job.error.code}: ${job.error.message}`;
    return job.result?.message ?? job.state_reason ?? "";
}
