// What is asked again and again while a view is shown.

/** Calls `ask` with a signal, and again so many milliseconds after it has ended, until `end` or until it gives false. */
export class Turns {
    #ask;
    #pause;
    #abort = new AbortController();
    #timer = null;

    constructor(ask, pause) {
        this.#ask = ask;
        this.#pause = pause;
    }

    async begin() {
        const { signal } = this.#abort;
        const goesOn = await this.#ask(signal);
        if (goesOn && !signal.aborted) this.#timer = setTimeout(() => this.begin(), this.#pause);
    }

    end() {
        this.#abort.abort();
        clearTimeout(this.#timer);
    }
}
