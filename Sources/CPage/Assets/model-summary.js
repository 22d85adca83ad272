// A model's layers, variables and what a step costs: what a dry run of its specification says. Asked for when it is opened.

import { api } from "./api.js";
import { h } from "./dom.js";
import { bytes, integer, rate } from "./format.js";

/** What a plan says, as an element. */
export function planElement(plan) {
    const facts = [
        ["Parameters", integer(plan.parameters)], ["Steps", integer(plan.steps)],
        ["Operations a step", plan.flops_per_step === null ? "–" : `${rate(plan.flops_per_step)}FLOP`],
        ["Memory of a step", bytes(plan.peak_bytes)], ["Slice", plan.slice ?? "none: no TPU"],
        ["Activations", plan.recompute ? "computed again for the backward pass" : "kept"],
    ];
    return h("div", { class: "plan" },
        h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
        h("pre", { class: "summary", tabindex: "0", "aria-label": "Layers" }, plan.summary));
}

export class ModelSummary {
    element;
    #spec = null;
    #content = h("div");
    #isAsked = false;

    constructor() {
        this.element = h("details", { class: "panel fold", ontoggle: () => this.#open() }, h("summary", {}, h("h2", {}, "Model")), this.#content);
    }

    /** The specification that it is about. */
    set spec(spec) {
        this.#spec = spec;
        this.#open();
    }

    async #open() {
        if (!this.element.open || this.#isAsked || !this.#spec) return;
        this.#isAsked = true;
        this.#content.replaceChildren(h("p", { class: "empty", role: "status" }, "Planning …"));
        try {
            const { plan } = await api.plan(JSON.stringify(this.#spec));
            this.#content.replaceChildren(planElement(plan));
        } catch (error) {
            this.#isAsked = false;
            this.#content.replaceChildren(h("p", { class: "fault", role: "alert" }, error.message));
        }
    }
}
