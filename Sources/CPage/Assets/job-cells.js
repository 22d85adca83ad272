// The parts of a job that several views show alike.

import { colourOf } from "./colour.js";
import { h, setAttribute, setText } from "./dom.js";
import { ago, between, duration, integer, number, rate } from "./format.js";
import { isFinal, stateNames } from "./states.js";

/** A square in the job's colour. */
export function chip(id) {
    return h("i", { class: "chip", "data-job": id ? colourOf(id) : null, "aria-hidden": "true" });
}

/** A job's state: a mark whose form tells it too, and the word. */
export function stateBadge() {
    return h("span", { class: "state" });
}

/** Writes a state into a badge. */
export function fillState(badge, state) {
    setAttribute(badge, "data-state", state);
    setText(badge, stateNames[state] ?? state);
}

/** A bar of progress. */
export function meter() {
    return h("span", { class: "meter", "aria-hidden": "true" }, h("i"));
}

/** Fills a bar to a fraction from 0 to 1. */
export function fillMeter(bar, fraction, state) {
    const value = Number.isFinite(fraction) ? Math.max(0, Math.min(1, fraction)) : 0;
    bar.firstChild.style.transform = `scaleX(${value})`;
    setAttribute(bar, "data-state", state);
}

/** The part of a job that is done, from 0 to 1. */
export function fractionDone(job) {
    const { global_step: step, target_step: target } = job.progress ?? {};
    return target ? step / target : job.state === "SUCCEEDED" ? 1 : 0;
}

/** How long it has taken, or is expected to take on. */
function timeText(job) {
    if (isFinal(job)) return job.started_at ? duration(between(job.started_at, job.finished_at)) : "–";
    const eta = job.progress?.eta_seconds;
    if (job.state === "RUNNING" && eta !== null && eta !== undefined) return `${duration(eta)} left`;
    return job.started_at ? duration(between(job.started_at)) : "–";
}

const columns = {
    name: {
        name: "name", label: "Job", class: "name", sorts: true,
        make: () => h("span", {}, chip(), h("a", { tabindex: "-1" }), h("small")),
        fill(cell, job) {
            const [mark, link, id] = cell.children;
            setAttribute(mark, "data-job", colourOf(job.id));
            setText(link, job.name);
            setAttribute(link, "href", `#/jobs/${job.id}`);
            setText(id, job.id.slice(-6));
        },
    },
    state: {
        name: "state", label: "State", class: "state-cell", sorts: true,
        make: () => h("span", {}, stateBadge()),
        fill: (cell, job) => fillState(cell.firstChild, job.state),
    },
    progress: {
        name: "progress", label: "Progress", class: "progress", sorts: true,
        make: () => h("span", {}, meter(), h("span")),
        fill(cell, job) {
            fillMeter(cell.firstChild, fractionDone(job), job.state);
            const { global_step: step, target_step: target } = job.progress ?? {};
            setText(cell.lastChild, step === undefined ? "–" : target ? `${integer(step)} / ${integer(target)}` : integer(step));
        },
    },
    loss: { name: "loss", label: "Loss", class: "figure loss", sorts: true, fill: (_, job) => number(job.progress?.loss) },
    throughput: {
        name: "throughput", label: "Examples/s", class: "figure rate", sorts: true,
        fill: (_, job) => rate(job.state === "RUNNING" ? job.progress?.examples_per_second : null),
    },
    time: { name: "time", label: "Time", class: "figure time", fill: (_, job) => timeText(job) },
    submitted: { name: "submitted", label: "Submitted", class: "figure submitted", sorts: true, fill: (_, job) => ago(job.created_at) },
    labels: {
        name: "labels", label: "Labels", class: "labels",
        fill: (_, job) => Object.entries(job.labels ?? {}).map(([name, value]) => `${name}=${value}`).join(" ") || "",
    },
};

/** The columns of a table of jobs, by their names. */
export function jobColumns(...names) {
    return names.map((name) => columns[name]);
}

/** What a column sorts by; larger later. */
export const sortKeys = {
    name: (job) => job.name.toLowerCase(),
    state: (job) => Object.keys(stateNames).indexOf(job.state),
    progress: fractionDone,
    loss: (job) => job.progress?.loss ?? Infinity,
    throughput: (job) => (job.state === "RUNNING" ? job.progress?.examples_per_second ?? 0 : -1),
    submitted: (job) => job.id,
};
