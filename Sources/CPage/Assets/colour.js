// A colour for each job, the same everywhere on the page. Jobs that are seen together get different ones as far as there are
// enough.

const count = 12;
const given = new Map();
const uses = new Array(count).fill(0);

/** The number of a job's colour, from 0 to 11; the style sheet has `--job-0` and so on. */
export function colourOf(id) {
    const known = given.get(id);
    if (known !== undefined) return known;
    let hash = 2166136261;
    for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 16777619);
    const start = (hash >>> 8) % count;
    let best = start;
    for (let offset = 1; offset < count; offset++) {
        // Steps of 5 walk through all twelve, and neighbours differ.
        const candidate = (start + offset * 5) % count;
        if (uses[candidate] < uses[best]) best = candidate;
    }
    uses[best]++;
    given.set(id, best);
    return best;
}

/** A style's value, as it is in the present theme: for canvases, which know no variables. */
export function styleValue(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A job's colour for a canvas. */
export function jobColour(id) {
    return styleValue(`--job-${colourOf(id)}`);
}
