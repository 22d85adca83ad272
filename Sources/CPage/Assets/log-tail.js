// The end of a job's log, which goes on while the job does. Asked for again and again rather than followed, as browsers have
// few connections for one host.

import { api } from "./api.js";
import { h } from "./dom.js";
import { fileLink, request } from "./token.js";

const linesAtFirst = 500;
const linesKept = 3000;

export class LogTail {
    element;
    #id;
    #offset = null;
    #text = h("pre", { class: "log", tabindex: "0", role: "log", "aria-live": "off", "aria-label": "Log" });
    #decoder = new TextDecoder();
    #lines = 0;
    #rest = "";
    #isLoading = false;
    #filter = "";

    constructor(id) {
        this.#id = id;
        const search = h("input", { type: "search", placeholder: "Show lines with", "aria-label": "Show only lines of the log with this text", oninput: () => {
            this.#filter = search.value.toLowerCase();
            for (const line of this.#text.children) line.hidden = !this.#isShown(line);
        } });
        this.element = h("section", { class: "panel log-panel", "aria-labelledby": "log-title" },
            h("header", {}, h("h2", { id: "log-title" }, "Log"),
                h("div", { class: "controls" }, search, fileLink(`/v1/jobs/${id}/logs`, `${id}.log.txt`, { class: "quiet" }, "Download"))),
            this.#text);
    }

    #isShown(line) {
        return !this.#filter || line.textContent.toLowerCase().includes(this.#filter);
    }

    /** Reads what is new. */
    async load(signal) {
        if (this.#isLoading) return;
        this.#isLoading = true;
        try {
            if (this.#offset === null) await this.#begin(signal);
            const bytes = await api.log(this.#id, { since_offset: this.#offset }, { signal });
            this.#offset += bytes.length;
            if (bytes.length) this.#append(this.#decoder.decode(bytes, { stream: true }));
        } finally {
            this.#isLoading = false;
        }
    }

    /** Where the last lines begin: what a log has in all, less what its tail has. */
    async #begin(signal) {
        const response = await request(`/v1/jobs/${this.#id}/logs`, { method: "HEAD", signal });
        const length = Number(response.headers.get("Content-Length") ?? 0);
        const tail = await api.log(this.#id, { tail: linesAtFirst }, { signal });
        this.#offset = Math.max(0, length - tail.length);
        const isCut = this.#offset > 0;
        if (isCut) this.#text.append(h("span", { class: "cut" }, `The last ${linesAtFirst} lines; the whole log can be downloaded.\n`));
    }

    #append(text) {
        const view = this.#text;
        const isAtEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 24;
        const lines = (this.#rest + text).split("\n");
        this.#rest = lines.pop();
        const fragment = document.createDocumentFragment();
        for (const line of lines) {
            const element = h("span", { "data-level": line.match(/^\S+ (WARN\w*|ERROR|FATAL)/)?.[1]?.slice(0, 4) }, line + "\n");
            element.hidden = !this.#isShown(element);
            fragment.append(element);
        }
        view.append(fragment);
        this.#lines += lines.length;
        while (this.#lines > linesKept) {
            view.firstChild.remove();
            this.#lines--;
        }
        if (isAtEnd) view.scrollTop = view.scrollHeight;
    }
}
