// What can be changed of a job as it is: priority, labels and limits; of one that has ended, labels.

import { api } from "./api.js";
import { h, setText } from "./dom.js";
import { Fields } from "./fields.js";
import { notify } from "./notices.js";
import { isFinal } from "./states.js";

/** Opens a dialog that changes a job; `onChanged(job)` gets the job as it is then. */
export function changeJob(job, onChanged) {
    new ChangeDialog(job, onChanged).open();
}

/** A merge patch (RFC 7396) that makes the one of the other; what is not there any more is null. */
export function mergePatch(before, after) {
    const patch = {};
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const [old, now] = [before[name], after[name] ?? null];
        if (isObject(old) && isObject(now)) {
            const inner = mergePatch(old, now);
            if (Object.keys(inner).length) patch[name] = inner;
        } else if (JSON.stringify(old ?? null) !== JSON.stringify(now)) patch[name] = now;
    }
    return patch;
}

function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

class ChangeDialog {
    #job;
    #onChanged;
    #before;
    #fields = new Fields();
    #fault = h("p", { class: "fault", role: "alert" });
    #button = h("button", { class: "primary" }, "Change");
    #dialog;

    constructor(job, onChanged) {
        this.#job = job;
        this.#onChanged = onChanged;
        const limits = { priority: job.priority, max_run_seconds: job.spec.max_run_seconds, keep_checkpoint_max: job.spec.run_config.keep_checkpoint_max };
        this.#before = { ...(isFinal(job) ? {} : limits), labels: job.labels };
        this.#fields.value = structuredClone(this.#before);
        this.#fields.showsUnset = true;
        const about = isFinal(job) ? "It has ended: only its labels can change." : "It goes on as it is. Any other field takes an edited copy.";
        this.#dialog = h("dialog", { "aria-labelledby": "change-title", class: "ask change" },
            h("form", { novalidate: true, onsubmit: (event) => {
                event.preventDefault();
                this.#send();
            } },
                h("h2", { id: "change-title" }, `Change ${job.name}`), h("p", {}, about), this.#fault, this.#fields.element,
                h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => this.#dialog.close() }, "Leave it"), this.#button)));
        this.#dialog.addEventListener("close", () => this.#dialog.remove());
    }

    open() {
        document.body.append(this.#dialog);
        this.#dialog.showModal();
        this.#dialog.querySelector("input")?.focus();
    }

    async #send() {
        this.#fields.clearFaults();
        setText(this.#fault, "");
        const patch = mergePatch(this.#before, this.#fields.value);
        if (!Object.keys(patch).length) return this.#dialog.close();
        this.#button.disabled = true;
        try {
            const job = await api.change(this.#job.id, patch, this.#job.version);
            this.#dialog.close();
            notify(`${job.name} is changed`);
            this.#onChanged(job);
        } catch (error) {
            await this.#show(error);
        } finally {
            this.#button.disabled = false;
        }
    }

    /** Faults are shown at their fields. Where somebody else was faster, what was edited stays, to be sent once more. */
    async #show(error) {
        if (error.status === 412) {
            try {
                this.#job = await api.job(this.#job.id);
                setText(this.#fault, "Somebody has changed it meanwhile, or its state has. Press Change once more to change it as it is now.");
            } catch (another) {
                setText(this.#fault, another.message);
            }
            return;
        }
        setText(this.#fault, error.message);
        (error.errors ?? []).map((fault) => this.#fields.showFault(fault))[0]?.focus();
    }
}
