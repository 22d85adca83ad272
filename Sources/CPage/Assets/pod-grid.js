// The pod as a grid: a tile for each host with its cores, each in the colour of the job that holds it. Arrow keys move among
// the hosts.

import { colourOf } from "./colour.js";
import { h, keyed, setAttribute, setText } from "./dom.js";

const hostStates = { UP: "", DRAINING: "draining", DOWN: "down" };

export class PodGrid {
    element = h("div", { class: "pod", role: "listbox", "aria-label": "Hosts of the pod" });
    #model;
    #onSelect;
    #selected = null;

    /** `onSelect()` is called when another host is chosen, or none. */
    constructor(model, onSelect) {
        this.#model = model;
        this.#onSelect = onSelect;
        this.element.addEventListener("keydown", (event) => this.#keyDown(event));
        this.element.addEventListener("click", (event) => {
            const tile = event.target.closest(".host");
            if (tile) this.select(Number(tile.dataset.key));
        });
    }

    /** The number of the host that is chosen; null for none. */
    get selected() {
        return this.#selected;
    }

    /** Chooses a host; choosing it again chooses none. */
    select(host) {
        this.#selected = host === this.#selected ? null : host;
        this.update();
        this.#onSelect();
    }

    /** Draws what the model knows. */
    update() {
        const hosts = this.#model.topology?.hosts ?? [];
        setAttribute(this.element, "data-size", hosts.length > 64 ? "large" : hosts.length > 16 ? "medium" : "small");
        keyed(this.element, hosts, (host) => host.host, (host) => makeHost(host), (tile, host) => this.#fill(tile, host));
        if (!this.element.querySelector('[tabindex="0"]')) this.element.firstElementChild?.setAttribute("tabindex", "0");
    }

    #fill(tile, host) {
        const busy = host.cores.filter((core) => core.job_id !== null);
        const jobs = [...new Set(busy.map((core) => core.job_id))];
        setAttribute(tile, "data-state", host.state);
        setAttribute(tile, "aria-selected", host.host === this.#selected ? "true" : "false");
        const names = jobs.map((id) => this.#model.name(id));
        const health = hostStates[host.state] ? `, ${hostStates[host.state]}` : "";
        setAttribute(tile, "aria-label", `Host ${host.host}${health}: ${busy.length} of ${host.cores.length} cores busy${names.length ? `, ${names.join(", ")}` : ""}`);
        setAttribute(tile, "title", tile.getAttribute("aria-label"));
        const [head, cores, foot] = tile.children;
        setText(head.lastChild, hostStates[host.state] || `${busy.length}/${host.cores.length}`);
        host.cores.forEach((core, index) => {
            const cell = cores.children[index];
            const colour = core.job_id === null ? null : colourOf(core.job_id);
            setAttribute(cell, "data-job", colour);
            setAttribute(cell, "data-phase", core.job_id === null ? null : this.#model.jobs.get(core.job_id)?.state ?? null);
        });
        setText(foot, names.length ? names.join(", ") : "idle");
    }

    #keyDown(event) {
        const tiles = [...this.element.children];
        const at = tiles.indexOf(document.activeElement);
        if (at < 0) return;
        if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            return this.select(Number(tiles[at].dataset.key));
        }
        const across = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
        const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across, Home: 0, End: tiles.length - 1 };
        const next = tiles[moves[event.key]];
        if (!next) return;
        event.preventDefault();
        tiles[at].setAttribute("tabindex", "-1");
        next.setAttribute("tabindex", "0");
        next.focus();
    }
}

function makeHost(host) {
    return h("div", { class: "host", role: "option", tabindex: "-1" },
        h("div", { class: "host-head" }, h("b", {}, String(host.host)), h("span")),
        h("div", { class: "cores" }, host.cores.map(() => h("i"))),
        h("div", { class: "host-foot" }));
}
