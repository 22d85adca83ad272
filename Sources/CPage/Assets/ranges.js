// Numbers of cores as people write them.

/** 0, 1, 2, 5 as "0–2, 5". */
export function ranges(numbers) {
    const parts = [];
    for (const number of numbers) {
        const last = parts.at(-1);
        if (last && last[1] === number - 1) last[1] = number;
        else parts.push([number, number]);
    }
    return parts.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}
