// The daemon's HTTP API (docs/api.md).

import { request } from "./token.js";

/** An answer of 400 and above, or none at all (status 0). */
export class Problem extends Error {
    constructor(document) {
        super(document.detail || document.title || "The daemon did not answer");
        this.status = document.status ?? 0;
        this.code = document.code ?? "";
        /** Every fault: `{pointer, parameter, detail, code}`. */
        this.errors = document.errors ?? [];
    }
}

/** Numbers that a JavaScript number can't hold stay as they are written, where the browser can do that. */
function exactly(_, value, context) {
    const source = context?.source;
    const isExact = typeof value !== "number" || source === undefined || !/^-?\d+$/.test(source) || Number.isSafeInteger(value);
    return isExact || !JSON.rawJSON ? value : JSON.rawJSON(source);
}

/** JSON to a value; `SyntaxError` for what is not JSON. */
export function parse(text) {
    return JSON.parse(text, exactly);
}

async function ask(method, path, { body, headers = {}, signal } = {}) {
    let response;
    try {
        response = await request(path, { method, body, headers, signal, cache: "no-store" });
    } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new Problem({ detail: "The daemon does not answer" });
    }
    if (response.ok) return response;
    let document = { status: response.status, title: response.statusText };
    try {
        document = { ...document, ...(await response.json()) };
    } catch {
        // Not one of the daemon's own answers: a proxy's.
    }
    throw new Problem(document);
}

async function json(path, options) {
    return parse(await (await ask("GET", path, options)).text());
}

/** A key that makes it safe to send the same request twice. */
export function newKey() {
    const words = crypto.getRandomValues(new Uint32Array(4));
    return "page-" + [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** A query of names and values; a list repeats its name, null is left out. */
function query(values) {
    const items = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
        for (const one of Array.isArray(value) ? value : [value]) if (one !== null && one !== undefined) items.append(name, one);
    }
    const text = items.toString();
    return text ? `?${text}` : "";
}

const jobPath = (id) => `/v1/jobs/${encodeURIComponent(id)}`;

export const api = {
    jobs: (values, options) => json(`/v1/jobs${query(values)}`, options),
    job: (id, options) => json(jobPath(id), options),
    metrics: (id, fromStep, options) => json(`${jobPath(id)}/metrics${query({ from_step: fromStep || null })}`, options),
    checkpoints: (id, options) => json(`${jobPath(id)}/checkpoints`, options),
    attempts: (id, options) => json(`${jobPath(id)}/attempts`, options),
    jobEvents: (id, tail, options) => json(`${jobPath(id)}/events${query({ tail, limit: 10000 })}`, options),
    events: (values) => json(`/v1/events${query(values)}`),
    topology: () => json("/v1/topology"),
    queue: (values) => json(`/v1/queue${query(values)}`),
    version: () => json("/version"),
    figures: async () => (await ask("GET", "/metrics")).text(),

    /** Where a checkpoint's file is. */
    file: (id, step, name) => `${jobPath(id)}/checkpoints/${step}/${encodeURIComponent(name)}`,

    /** The bytes of a log from an offset on, or its last lines. */
    async log(id, values, options) {
        return new Uint8Array(await (await ask("GET", `${jobPath(id)}/logs${query(values)}`, options)).arrayBuffer());
    },

    /** Validates and plans a specification, given as JSON text. */
    async plan(text) {
        const headers = { "Content-Type": "application/json" };
        return parse(await (await ask("POST", "/v1/jobs?dry_run=true", { body: text, headers })).text());
    },

    /** Submits one; the same key twice makes one job. */
    async submit(text, key) {
        const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
        return parse(await (await ask("POST", "/v1/jobs", { body: text, headers })).text());
    },

    /** Asks something of a job; null once it is deleted. */
    async verb(id, name) {
        if (name === "delete") {
            await ask("DELETE", jobPath(id));
            return null;
        }
        return parse(await (await ask("POST", `${jobPath(id)}/${name}`, { headers: { "Idempotency-Key": newKey() } })).text());
    },

    /** Changes a job that still has this version, by a merge patch; the job as it is then. */
    async change(id, patch, version) {
        const headers = { "Content-Type": "application/merge-patch+json", "If-Match": `"${version}"`, "Idempotency-Key": newKey() };
        return parse(await (await ask("PATCH", jobPath(id), { body: JSON.stringify(patch), headers })).text());
    },

    /** Asks something of a host. */
    async hostVerb(host, name) {
        return parse(await (await ask("POST", `/v1/hosts/${host}/${name}`, { headers: { "Idempotency-Key": newKey() } })).text());
    },

    /** The entity tag of this page, which tells whether the daemon has another one by now. */
    async pageTag() {
        return (await ask("HEAD", "/")).headers.get("ETag");
    },
};
