// Buttons for what can be asked of a job or a host. All are there; those that its state does not allow say so.

import { h, setAttribute } from "./dom.js";
import { confirmed, notify } from "./notices.js";

/**
 * A row of buttons.
 * - `verbs`: as in states.js.
 * - `subject()`: what a question and a notice call it.
 * - `ask(name)`: a promise.
 */
export class VerbButtons {
    element;
    #buttons;
    #verbs;

    constructor({ label, verbs, subject, ask }) {
        this.#verbs = verbs;
        this.#buttons = verbs.map((verb) =>
            h("button", { type: "button", title: verb.about, "data-verb": verb.name, class: verb.ask ? "warn" : null, onclick: () => this.#press(verb, subject, ask) }, verb.label));
        this.element = h("div", { class: "buttons", role: "group", "aria-label": label }, this.#buttons);
    }

    /** Shows what a state allows. */
    update(state) {
        this.#verbs.forEach((verb, index) => {
            const isAllowed = verb.states.includes(state);
            setAttribute(this.#buttons[index], "aria-disabled", isAllowed ? null : "true");
            setAttribute(this.#buttons[index], "title", isAllowed ? verb.about : `${verb.about} (not in its present state)`);
        });
    }

    async #press(verb, subject, ask) {
        const button = this.#buttons[this.#verbs.indexOf(verb)];
        if (button.getAttribute("aria-disabled") || button.dataset.busy) return;
        if (verb.ask && !(await confirmed(`${verb.label} ${subject()}?`, verb.ask, verb.label))) return;
        button.dataset.busy = "1";
        try {
            await ask(verb.name);
            notify(`${verb.label}: asked of ${subject()}`);
        } catch (error) {
            notify(`${verb.label}: ${error.message}`, "error");
        } finally {
            delete button.dataset.busy;
        }
    }
}
