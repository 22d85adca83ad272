// JSON pointers (RFC 6901), and where in a text what they name is.

/** A pointer's names, unescaped. */
function namesOf(pointer) {
    return pointer.split("/").slice(1).map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer of a member. */
export function child(pointer, name) {
    return `${pointer}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** From where to where the value that a pointer names is in a JSON text: the longest part of the pointer that there is. */
export function locate(text, pointer) {
    const names = namesOf(pointer);
    let at = 0;
    const blank = () => {
        while (/\s/.test(text[at] ?? "")) at++;
    };
    const string = () => {
        const start = at++;
        while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
        at++;
        try {
            return JSON.parse(text.slice(start, at));
        } catch {
            return "";
        }
    };
    /** Reads the value at `at`; tells where what `names` from `depth` on name is, where `depth` is not null. */
    const value = (depth) => {
        blank();
        const start = at;
        let found = null;
        if (text[at] === "{" || text[at] === "[") {
            const isObject = text[at++] === "{";
            for (let index = 0; at < text.length; index++) {
                blank();
                if (text[at] === "}" || text[at] === "]") break;
                let name = String(index);
                const place = at;
                if (isObject) {
                    if (text[at] !== '"') return found;
                    name = string();
                    blank();
                    at++;
                }
                const isWanted = depth !== null && depth < names.length && names[depth] === name;
                const inner = value(isWanted ? depth + 1 : null);
                if (isWanted) found = inner ?? [place, at];
                blank();
                if (text[at] !== ",") break;
                at++;
            }
            at++;
        } else if (text[at] === '"') string();
        else while (at < text.length && !/[,\]}\s]/.test(text[at])) at++;
        if (found === null && depth === names.length) return [start, at];
        return found;
    };
    return value(0) ?? [0, 0];
}

/** The number of the line that an offset is on, from 1. */
export function lineOf(text, offset) {
    return text.slice(0, offset).split("\n").length;
}
