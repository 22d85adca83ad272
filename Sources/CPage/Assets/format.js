// Numbers, times and sizes as people read them.

const whole = new Intl.NumberFormat("en-US");

/** 12,345. */
export function integer(value) {
    return value === null || value === undefined ? "–" : whole.format(value);
}

/** Four significant digits; a number that is missing or not finite is a dash. */
export function number(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace("e+", "e");
    if (size >= 1000) return whole.format(Math.round(value));
    return String(Number(value.toPrecision(4)));
}

/** 1.2 k, 3.4 M: for rates. */
export function rate(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    for (const [limit, letter] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
        if (Math.abs(value) >= limit) return `${Number((value / limit).toPrecision(3))} ${letter}`;
    }
    return String(Number(value.toPrecision(3)));
}

/** 97.9 %. */
export function percent(fraction) {
    if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return "–";
    const value = fraction * 100;
    return value > 0 && value < 0.05 ? "< 0.1 %" : `${value.toFixed(1)} %`;
}

/** 12.3 MiB. */
export function bytes(count) {
    if (count === null || count === undefined) return "–";
    let value = count;
    for (const unit of ["B", "KiB", "MiB", "GiB"]) {
        if (value < 1024) return `${unit === "B" || value >= 100 ? Math.round(value) : value.toPrecision(3)} ${unit}`;
        value /= 1024;
    }
    return `${value.toPrecision(3)} TiB`;
}

/** 1 h 02 m, 3 m 04 s, 5.1 s: two units at most. */
export function duration(seconds) {
    if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
    if (seconds < 0) return "0 s";
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    const pad = (value) => String(value).padStart(2, "0");
    const total = Math.round(seconds);
    if (total < 60) return `${total} s`;
    if (total < 3600) return `${Math.floor(total / 60)} m ${pad(total % 60)} s`;
    if (total < 86400) return `${Math.floor(total / 3600)} h ${pad(Math.floor(total / 60) % 60)} m`;
    return `${Math.floor(total / 86400)} d ${pad(Math.floor(total / 3600) % 24)} h`;
}

/** Seconds between two times of the API; the second may be missing for now. */
export function between(start, end) {
    if (!start) return null;
    return ((end ? Date.parse(end) : Date.now()) - Date.parse(start)) / 1000;
}

/** "12 s ago": one unit. */
export function ago(time) {
    if (!time) return "–";
    const seconds = Math.max(0, Math.round(between(time)));
    const units = [[86400, "d"], [3600, "h"], [60, "m"]];
    const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, "s"];
    return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** The time of day of what is less than 20 hours ago, else day and minute, else the day. */
export function clock(time) {
    if (!time) return "–";
    const date = new Date(time);
    const hours = Math.abs(Date.now() - date) / 3_600_000;
    if (hours < 20) return date.toTimeString().slice(0, 8);
    const pad = (value) => String(value).padStart(2, "0");
    const day = `${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
    return hours < 24 * 180 ? `${day} ${date.toTimeString().slice(0, 5)}` : `${date.getFullYear()}-${day}`;
}
