// What the page knows of the daemon: jobs, pod, queue, counts, events. A snapshot first, then kept current by the event feed;
// only progress, which no event tells of, is asked for again and again while something runs.

import { api, Problem } from "./api.js";
import { Feed } from "./feed.js";
import { throttled } from "./frame.js";
import { final, holding, live } from "./states.js";

const pageSize = 500;
const mostPages = 60;
const mostAtOnce = 24;
const eventsKept = 200;

export class PodModel {
    /** Jobs by id, without their specifications. */
    jobs = new Map();
    /** `{pod, hosts}`; null before it is known. */
    topology = null;
    /** The jobs that wait, in order. */
    queue = [];
    /** Jobs by state, of all that are stored. */
    counts = {};
    /** The last events, newest first. */
    events = [];
    /** `connecting`, `live`, `waiting` or `resting`. */
    link = "connecting";
    /** Whether the daemon serves another version of this page by now. */
    isOutdated = false;
    /** Whether there are finished jobs that are not loaded. */
    hasMore = false;

    #listeners = new Set();
    #dirty = new Set();
    #feed = null;
    #nextPage = null;
    #pageTag = null;
    #sorted = null;
    #running = null;
    #ended = null;
    #isLoadingMore = false;

    #refreshSoon = throttled(300, () => this.#refresh());
    #queueSoon = throttled(1000, () => this.#loadQueue());
    #topologySoon = throttled(500, () => this.#loadTopology());
    #countsSoon = throttled(1000, () => this.#loadCounts());

    /** Calls `listener(topic)` at every change: `jobs`, `topology`, `queue`, `counts`, `events` or `link`. */
    listen(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    #changed(topic) {
        for (const listener of this.#listeners) listener(topic);
    }

    /** Loads what is there and follows what happens. Tries until the daemon answers. */
    async start() {
        for (let pause = 500; ; pause = Math.min(5000, pause * 2)) {
            try {
                await this.#load();
                break;
            } catch (error) {
                if (!(error instanceof Problem)) throw error;
                this.#setLink("waiting");
                await new Promise((resolve) => setTimeout(resolve, pause));
            }
        }
        this.#feed.start();
        this.#pollProgress();
        setInterval(() => this.#isSeen && this.refreshAll(), 15_000);
    }

    get #isSeen() {
        return document.visibilityState === "visible";
    }

    async #load() {
        const { events } = await api.events({ tail: eventsKept });
        const last = events.at(-1)?.seq ?? 0;
        const known = this.jobs;
        this.jobs = new Map();
        this.#sorted = null;
        this.#regroup();
        await Promise.all([this.#loadLive(), this.#loadFinished(), this.#loadQueue(), this.#loadTopology(), this.#loadCounts()]);
        // What somebody looked at stays, though it may be on no page that was loaded.
        for (const job of known.values()) if (!this.jobs.has(job.id) && final.includes(job.state)) this.jobs.set(job.id, job);
        this.events = events.reverse();
        this.#pageTag ??= await api.pageTag();
        if (this.#feed) this.#feed.last = last;
        else {
            this.#feed = new Feed({
                last, onEvent: (event) => this.#take(event), onLink: (state) => this.#setLink(state),
                onReconnect: () => this.#reconnect(),
            });
        }
        for (const topic of ["jobs", "events"]) this.#changed(topic);
    }

    #setLink(state) {
        if (this.link === state) return;
        this.link = state;
        this.#changed("link");
    }

    #wasConnected = false;

    /** Before the feed goes on: the daemon may have another database, another page, other hosts. */
    async #reconnect() {
        if (!this.#wasConnected) {
            this.#wasConnected = true;
            return;
        }
        const { events } = await api.events({ tail: 1 });
        if ((events.at(-1)?.seq ?? 0) < this.#feed.last) await this.#load();
        this.isOutdated = (await api.pageTag()) !== this.#pageTag;
        this.refreshAll();
    }

    /** Asks again for what no event tells of: hosts, counts, the queue's reasons. */
    refreshAll() {
        this.#topologySoon();
        this.#countsSoon();
        this.#queueSoon();
    }

    // MARK: Events

    #take(event) {
        this.events.unshift(event);
        if (this.events.length > eventsKept) this.events.pop();
        const job = this.jobs.get(event.job_id);
        if (event.type === "STATE" && job) {
            job.state = event.to;
            job.attempt = event.attempt;
            this.#regroup();
            this.#changed("jobs");
        }
        // What runs is asked for anyway.
        if (event.type !== "CHECKPOINT" || !job || !holding.includes(job.state)) {
            this.#dirty.add(event.job_id);
            this.#refreshSoon();
        }
        this.#changed("events");
        if (event.type === "STATE") {
            this.#countsSoon();
            this.#topologySoon();
            this.#queueSoon();
        } else if (event.type === "HELD" || event.type === "PATCH") {
            this.#queueSoon();
        }
    }

    async #refresh() {
        if (this.#dirty.size > mostAtOnce) {
            // Many at once are asked for by the page: what is new, what runs, what has ended.
            const loaded = new Set();
            await this.#quietly(async () => {
                for (const states of [null, holding, final]) for (const id of await this.#loadTop(states)) loaded.add(id);
            });
            for (const id of loaded) this.#dirty.delete(id);
        }
        const ids = [...this.#dirty].slice(0, mostAtOnce);
        for (const id of ids) this.#dirty.delete(id);
        await Promise.all(ids.map((id) => this.#quietly(() => this.loadJob(id))));
        if (this.#dirty.size > 0) this.#refreshSoon();
    }

    /** Reads the newest jobs in some states, page by page until one is known; their ids. */
    async #loadTop(states) {
        const ids = [];
        let token = null;
        for (let page = 0; page < mostPages; page++) {
            const answer = await api.jobs({ state: states, limit: pageSize, page_token: token });
            const isKnown = answer.jobs.some((job) => this.jobs.has(job.id));
            for (const job of answer.jobs) {
                this.take(job);
                ids.push(job.id);
            }
            token = answer.next_page_token;
            if (isKnown || !token) break;
        }
        this.#changed("jobs");
        return ids;
    }

    /** What fails while the daemon is away is asked for again once it is back. */
    async #quietly(action) {
        try {
            await action();
        } catch (error) {
            if (!(error instanceof Problem)) throw error;
        }
    }

    // MARK: Jobs

    /** All jobs that are loaded, newest first. */
    get sorted() {
        this.#sorted ??= [...this.jobs.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
        return this.#sorted;
    }

    /** The jobs that hold cores, oldest first. */
    get running() {
        this.#running ??= this.sorted.filter((job) => holding.includes(job.state)).reverse();
        return this.#running;
    }

    /** The jobs that have ended, the last one first. */
    get ended() {
        this.#ended ??= this.sorted.filter((job) => job.finished_at).sort((a, b) => (a.finished_at < b.finished_at ? 1 : -1));
        return this.#ended;
    }

    #regroup() {
        this.#running = null;
        this.#ended = null;
    }

    /** A job's name, or the end of its id. */
    name(id) {
        return this.jobs.get(id)?.name ?? `…${id.slice(-6)}`;
    }

    /** Takes in what the daemon said of a job; an answer that is older than what is known changes nothing. */
    take(job) {
        const { spec: _, ...rest } = job;
        const known = this.jobs.get(job.id);
        if (known && known.version > job.version) return;
        if (!known || known.version !== job.version || known.state !== job.state) this.#regroup();
        if (known) Object.assign(known, rest);
        else {
            this.jobs.set(job.id, rest);
            this.#sorted = null;
        }
    }

    /** Forgets a job that was deleted. */
    forget(id) {
        if (this.jobs.delete(id)) {
            this.#sorted = null;
            this.#regroup();
            this.#changed("jobs");
        }
    }

    /** Reads one job anew, with its specification. */
    async loadJob(id, options) {
        try {
            const job = await api.job(id, options);
            this.take(job);
            this.#changed("jobs");
            return job;
        } catch (error) {
            if (error.status === 404) this.forget(id);
            throw error;
        }
    }

    async #loadLive() {
        let token = null;
        for (let page = 0; page < mostPages; page++) {
            const answer = await api.jobs({ state: live, limit: pageSize, page_token: token });
            answer.jobs.forEach((job) => this.take(job));
            this.#changed("jobs");
            token = answer.next_page_token;
            if (!token) break;
        }
    }

    async #loadNewest() {
        const answer = await api.jobs({ state: final, limit: pageSize });
        answer.jobs.forEach((job) => this.take(job));
        this.#changed("jobs");
        return answer.next_page_token;
    }

    async #loadFinished() {
        this.#nextPage = await this.#loadNewest();
        this.hasMore = this.#nextPage !== null;
    }

    /** Loads older finished jobs. */
    async loadMore() {
        if (!this.#nextPage || this.#isLoadingMore) return;
        this.#isLoadingMore = true;
        await this.#quietly(async () => {
            const answer = await api.jobs({ state: final, limit: pageSize, page_token: this.#nextPage });
            answer.jobs.forEach((job) => this.take(job));
            this.#nextPage = answer.next_page_token;
            this.hasMore = this.#nextPage !== null;
            this.#changed("jobs");
        });
        this.#isLoadingMore = false;
    }

    async #pollProgress() {
        const count = this.running.length;
        if (this.#isSeen && count > 0 && this.link !== "waiting") {
            await this.#quietly(async () => {
                const answer = await api.jobs({ state: holding, limit: pageSize });
                answer.jobs.forEach((job) => this.take(job));
                this.#changed("jobs");
            });
        }
        setTimeout(() => this.#pollProgress(), count > 50 ? 3000 : 1000);
    }

    // MARK: Pod, queue, counts

    async #loadTopology() {
        await this.#quietly(async () => {
            this.topology = await api.topology();
            this.#changed("topology");
        });
    }

    async #loadQueue() {
        await this.#quietly(async () => {
            const queue = [];
            let token = null;
            for (let page = 0; page < mostPages; page++) {
                const answer = await api.queue({ limit: pageSize, page_token: token });
                queue.push(...answer.jobs);
                token = answer.next_page_token;
                if (!token) break;
            }
            this.queue = queue;
            this.#changed("queue");
        });
    }

    async #loadCounts() {
        await this.#quietly(async () => {
            const counts = {};
            for (const [, state, count] of (await api.figures()).matchAll(/^tpud_jobs\{state="(\w+)"\} (\d+)/gm)) counts[state] = Number(count);
            this.counts = counts;
            this.#changed("counts");
        });
    }

    // MARK: Verbs

    /** Asks something of a job. */
    async ask(id, verb) {
        const job = await api.verb(id, verb);
        if (job === null) return this.forget(id);
        this.changed(job);
    }

    /** Takes a job as a change has left it. */
    changed(job) {
        this.take(job);
        this.#changed("jobs");
    }

    /** Asks something of a host. */
    async askHost(host, verb) {
        await api.hostVerb(host, verb);
        await this.#loadTopology();
    }
}
