// A job to be submitted: a small one to begin with, or a copy of another; as fields or as text. The daemon checks it, and its
// faults are shown at their fields.

import { api, newKey, parse } from "./api.js";
import { h, setText } from "./dom.js";
import { Fields } from "./fields.js";
import { planElement } from "./model-summary.js";
import { notify } from "./notices.js";
import { lineOf, locate } from "./pointer.js";

const synthetic = (examples) => ({ source: { synthetic: { features: { shape: [32] }, labels: { classes: 10 }, examples } } });

/** What a job may begin as: it needs no file. */
const first = {
    name: "first", mode: "train_and_evaluate", train_batch_size: 128, eval_batch_size: 128,
    tpu_config: { num_shards: 8, iterations_per_loop: 20 },
    model: [{ Dense: { units: 64, activation: "relu" } }, { Dense: { units: 10 } }],
    loss: { SparseCategoricalCrossentropy: { from_logits: true } },
    optimizer: { Adam: { learning_rate: { CosineDecay: { initial_learning_rate: 0.01, decay_steps: 2000 } } } },
    metrics: ["accuracy"], train: { max_steps: 2000, input: synthetic(4096) }, evaluate: { steps: 8, input: synthetic(1024) },
};

export class NewView {
    title = "New job";
    element;
    #from;
    #fields = new Fields();
    #text = h("textarea", { spellcheck: "false", "aria-label": "The job as JSON", hidden: true });
    #faults = h("div", { class: "faults", role: "alert" });
    #plan = h("div", { "aria-live": "polite" });
    #origin = h("span", { class: "note" });
    #tabs;
    #isText = false;
    #key = newKey();
    #sent = null;
    #buttons;

    constructor(_, parameters) {
        this.#from = parameters.get("from");
        const tab = (name, isText) => h("button", { type: "button", class: "filter", "aria-pressed": String(!isText), onclick: () => this.#show(isText) }, name);
        this.#tabs = [tab("Fields", false), tab("JSON", true)];
        const unset = h("input", { type: "checkbox", onchange: () => (this.#fields.showsUnset = unset.checked) });
        const file = h("input", { type: "file", accept: ".json,application/json", "aria-label": "Read a JSON file", onchange: async () => {
            if (file.files[0]) this.#take(await file.files[0].text(), file.files[0].name);
        } });
        this.#buttons = [h("button", { type: "button", onclick: () => this.#check() }, "Check"), h("button", { type: "submit", class: "primary" }, "Submit")];
        this.element = h("form", { class: "view new-view", novalidate: true, onsubmit: (event) => {
            event.preventDefault();
            this.#submit();
        } },
            h("div", { class: "tools" }, h("h1", {}, "New job"), this.#origin,
                h("div", { class: "filters", role: "group", "aria-label": "Form" }, this.#tabs),
                h("label", {}, unset, " Fields that are not set"), h("label", { class: "file" }, "File ", file),
                h("div", { class: "buttons" }, this.#buttons)),
            this.#faults,
            h("div", { class: "new-body" }, h("section", { class: "panel", "aria-label": "Specification" }, this.#fields.element, this.#text), h("section", { class: "panel plan-panel", "aria-labelledby": "plan-title" }, h("header", {}, h("h2", { id: "plan-title" }, "Plan")), h("p", { class: "empty" }, "Check says what would run, and stores nothing."), this.#plan)));
    }

    async open() {
        if (!this.#from) {
            this.#fields.value = structuredClone(first);
            setText(this.#origin, "a small one to begin with; its input is made of random numbers");
            return;
        }
        try {
            const job = await api.job(this.#from);
            this.#fields.value = job.spec;
            setText(this.#origin, `a copy of ${job.name}, with every default filled in`);
        } catch (error) {
            this.#fields.value = structuredClone(first);
            notify(error.message, "error");
        }
    }

    close() {}

    update() {}

    #take(text, name) {
        try {
            this.#fields.value = parse(text);
            this.#text.value = JSON.stringify(this.#fields.value, null, 2);
            setText(this.#origin, name);
        } catch (error) {
            notify(`${name} is not JSON: ${error.message}`, "error");
        }
    }

    /** As fields or as text: what was edited in one is in the other. */
    #show(isText) {
        if (isText === this.#isText) return;
        if (isText) this.#text.value = JSON.stringify(this.#fields.value, null, 2);
        else {
            try {
                this.#fields.value = parse(this.#text.value);
            } catch (error) {
                notify(`This is not JSON yet: ${error.message}`, "error");
                return;
            }
        }
        this.#isText = isText;
        this.#text.hidden = !isText;
        this.#fields.element.hidden = isText;
        this.#tabs.forEach((tab, index) => tab.setAttribute("aria-pressed", String((index === 1) === isText)));
        this.#clear();
    }

    get #document() {
        return this.#isText ? this.#text.value : JSON.stringify(this.#fields.value);
    }

    #clear() {
        this.#faults.replaceChildren();
        this.#fields.clearFaults();
    }

    async #with(action) {
        this.#clear();
        for (const button of this.#buttons) button.disabled = true;
        try {
            await action();
        } catch (error) {
            this.#showFaults(error);
        } finally {
            for (const button of this.#buttons) button.disabled = false;
        }
    }

    #check() {
        return this.#with(async () => {
            const { plan } = await api.plan(this.#document);
            this.#plan.parentElement.querySelector(".empty")?.remove();
            this.#plan.replaceChildren(planElement(plan));
        });
    }

    #submit() {
        return this.#with(async () => {
            // The same document gets the same key, so that pressing twice, or again after a lost answer, makes one job.
            if (this.#sent !== this.#document) this.#key = newKey();
            this.#sent = this.#document;
            const job = await api.submit(this.#sent, this.#key);
            this.#sent = null;
            notify(`${job.name} is submitted`);
            location.hash = `#/jobs/${job.id}`;
        });
    }

    #showFaults(error) {
        const faults = error.errors ?? [];
        const list = h("ul", {}, faults.map((fault) => {
            const target = this.#isText ? null : this.#fields.showFault(fault);
            const range = this.#isText ? locate(this.#text.value, fault.pointer ?? "") : null;
            const go = () => {
                if (range) {
                    this.#text.focus();
                    this.#text.setSelectionRange(...range);
                    this.#text.scrollTop = (lineOf(this.#text.value, range[0]) - 4) * parseFloat(getComputedStyle(this.#text).lineHeight);
                } else target.focus();
            };
            const where = range ? `line ${lineOf(this.#text.value, range[0])}, ${fault.pointer}` : fault.pointer || "the job";
            return h("li", {}, h("button", { type: "button", class: "link", onclick: go }, where), ` ${fault.detail}`);
        }));
        this.#faults.replaceChildren(h("p", { class: "fault" }, error.message), ...(faults.length ? [list] : []));
        this.#faults.scrollIntoView({ block: "nearest" });
        const firstInput = this.#fields.element.querySelector("[aria-invalid]");
        if (!this.#isText && firstInput) firstInput.focus();
    }
}
