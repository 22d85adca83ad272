// Curves from a job's points: smoothing, thinning to the pixels that there are, rates.

/** A curve: `xs` and `ys` of the same length, `xs` rising; a value that is not finite is NaN. */

/** Exponential smoothing whose first values are not pulled to zero (Adam's correction); gaps stay gaps. */
export function smoothed(ys, weight) {
    if (!(weight > 0)) return ys;
    const result = new Float64Array(ys.length);
    let mean = 0;
    let power = 1;
    for (let index = 0; index < ys.length; index++) {
        if (!Number.isFinite(ys[index])) {
            result[index] = NaN;
            continue;
        }
        mean = mean * weight + ys[index] * (1 - weight);
        power *= weight;
        result[index] = mean / (1 - power);
    }
    return result;
}

/** The index of the first x that is not below `x`. */
export function lowerBound(xs, x) {
    let low = 0;
    let high = xs.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (xs[middle] < x) low = middle + 1;
        else high = middle;
    }
    return low;
}

/** The index of the x that is nearest to `x`; -1 where there is none. */
export function nearest(xs, x) {
    if (xs.length === 0) return -1;
    const after = Math.min(xs.length - 1, lowerBound(xs, x));
    return after > 0 && x - xs[after - 1] < xs[after] - x ? after - 1 : after;
}

/**
 * Indices from `first` to `last` that show the curve in `columns` pixels: of each column the first, the least, the largest
 * and the last, so that no peak is lost.
 */
export function thinned(ys, first, last, columns) {
    const count = last - first;
    const indices = [];
    if (count <= columns * 4) {
        for (let index = first; index < last; index++) indices.push(index);
        return indices;
    }
    for (let column = 0; column < columns; column++) {
        const start = first + Math.floor((column * count) / columns);
        const end = first + Math.floor(((column + 1) * count) / columns);
        let low = start;
        let high = start;
        for (let index = start; index < end; index++) {
            if (ys[index] < ys[low] || Number.isNaN(ys[low])) low = index;
            if (ys[index] > ys[high] || Number.isNaN(ys[high])) high = index;
        }
        indices.push(...[...new Set([start, low, high, end - 1])].sort((a, b) => a - b));
    }
    return indices;
}

/** Steps a second between points, in windows that hold at least `window` seconds; pauses between attempts show as low rates. */
export function speeds(steps, times, window) {
    const at = [];
    const values = [];
    let start = 0;
    for (let index = 1; index < steps.length; index++) {
        const seconds = times[index] - times[start];
        if (seconds < window && index < steps.length - 1) continue;
        if (seconds > 0 && steps[index] > steps[start]) {
            at.push(index);
            values.push((steps[index] - steps[start]) / seconds);
        }
        start = index;
    }
    return { at, values };
}

/** Marks of an axis: round numbers, about `wanted` of them, from `low` to `high`. */
export function ticks(low, high, wanted) {
    const span = high - low;
    if (!(span > 0) || !Number.isFinite(span)) return [low];
    const rough = span / Math.max(1, wanted);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
    const marks = [];
    for (let mark = Math.ceil(low / step) * step; mark <= high + step * 1e-9; mark += step) marks.push(Math.abs(mark) < step * 1e-9 ? 0 : mark);
    return marks;
}

/** Marks of a logarithmic axis: powers of ten, and 2 and 5 of them where few powers fit. */
export function logarithmicTicks(low, high) {
    const marks = [];
    const factors = Math.log10(high / low) < 3 ? [1, 2, 5] : [1];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
        for (const factor of factors) {
            const mark = factor * 10 ** power;
            if (mark >= low && mark <= high) marks.push(mark);
        }
    }
    return marks;
}
