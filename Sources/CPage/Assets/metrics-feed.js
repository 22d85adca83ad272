// A job's series, loaded once and then only what is new.

import { api } from "./api.js";

export class MetricsFeed {
    /** By name: `{steps, values, times}`, arrays of the same length. */
    series = new Map();
    /** Grows whenever there is something new. */
    version = 0;
    #id;
    #isLoading = false;

    constructor(id) {
        this.#id = id;
    }

    /** Reads what came since; a promise that ends when it is there. */
    async load(signal) {
        if (this.#isLoading) return;
        this.#isLoading = true;
        try {
            const newest = Math.max(0, ...[...this.series.values()].map(({ steps }) => steps.at(-1) ?? 0));
            // An evaluation of the newest step may come after its loss.
            const { series } = await api.metrics(this.#id, newest, { signal });
            for (const [name, points] of Object.entries(series)) this.#append(name, points);
        } finally {
            this.#isLoading = false;
        }
    }

    #append(name, points) {
        if (!this.series.has(name)) this.series.set(name, { steps: [], values: [], times: [] });
        const known = this.series.get(name);
        for (const [step, value, time] of points) {
            if (step <= (known.steps.at(-1) ?? -1)) continue;
            known.steps.push(step);
            known.values.push(value ?? NaN);
            known.times.push(time);
            this.version++;
        }
    }
}
