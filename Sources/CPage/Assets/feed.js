// What happens to every job, as server-sent events read by fetch: every type of event, also of later versions, each once and
// in order. It goes on after the last one that came, whatever became of the connection or the daemon meanwhile.

import { request } from "./token.js";

const silenceLimit = 40_000;  // The daemon sends a comment every 15 s.
const firstPause = 400;
const longestPause = 5_000;

/** Splits a stream's text into events; what is unfinished stays for the next text. */
export class EventReader {
    #rest = "";

    /** The events that end in `text`: `{id, type, data}`. */
    read(text) {
        this.#rest += text;
        const blocks = this.#rest.split(/\r\n\r\n|\n\n|\r\r/);
        this.#rest = blocks.pop();
        return blocks.map(readBlock).filter((event) => event !== null);
    }
}

function readBlock(block) {
    const event = { id: null, type: "message", data: null };
    for (const line of block.split(/\r\n|\n|\r/)) {
        const colon = line.indexOf(":");
        if (colon === 0) continue;
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "id") event.id = value;
        else if (name === "event") event.type = value;
        else if (name === "data") event.data = event.data === null ? value : `${event.data}\n${value}`;
    }
    return event.data === null ? null : event;
}

export class Feed {
    /** The number of the last event that was told. */
    last;
    #onEvent;
    #onLink;
    #onReconnect;
    #abort = null;
    #pause = firstPause;
    #retry = null;
    #isWanted = false;

    /**
     * - `onEvent(event)`: one event, parsed.
     * - `onLink(state)`: `live`, `waiting` or `resting` (the tab is hidden, and holds no connection).
     * - `onReconnect()`: a promise, before what follows is read again: the daemon may be another one.
     */
    constructor({ last, onEvent, onLink, onReconnect }) {
        this.last = last;
        this.#onEvent = onEvent;
        this.#onLink = onLink;
        this.#onReconnect = onReconnect;
    }

    /** Follows for good, but for the time that the tab is hidden. */
    start() {
        document.addEventListener("visibilitychange", () => this.#follow());
        this.#follow();
    }

    #follow() {
        const isWanted = document.visibilityState === "visible";
        if (isWanted === this.#isWanted) return;
        this.#isWanted = isWanted;
        clearTimeout(this.#retry);
        if (isWanted) this.#connect();
        else {
            this.#abort?.abort();
            this.#onLink("resting");
        }
    }

    async #connect() {
        const abort = new AbortController();
        this.#abort = abort;
        let silence = null;
        try {
            await this.#onReconnect();
            if (abort.signal.aborted) return;
            const response = await request("/v1/events", {
                headers: { Accept: "text/event-stream", "Last-Event-ID": String(this.last) }, cache: "no-store", signal: abort.signal,
            });
            if (!response.ok) throw new Error(`${response.status}`);
            this.#onLink("live");
            this.#pause = firstPause;
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            const events = new EventReader();
            for (;;) {
                clearTimeout(silence);
                silence = setTimeout(() => reader.cancel(), silenceLimit);
                const { value, done } = await reader.read();
                if (done) break;
                for (const event of events.read(value)) this.#take(event);
            }
        } catch {
            // It is cut, or refused: below.
        } finally {
            clearTimeout(silence);
        }
        if (abort !== this.#abort || !this.#isWanted) return;
        this.#onLink("waiting");
        this.#retry = setTimeout(() => this.#connect(), this.#pause * (0.75 + Math.random() / 2));
        this.#pause = Math.min(longestPause, this.#pause * 2);
    }

    #take({ data }) {
        let event;
        try {
            event = JSON.parse(data);
        } catch {
            return;
        }
        if (typeof event.seq !== "number" || event.seq <= this.last) return;
        this.last = event.seq;
        this.#onEvent(event);
    }
}
