// Drawing at most once a frame, however often something changes.

const waiting = new Set();
let scheduled = false;

function run() {
    scheduled = false;
    const due = [...waiting];
    waiting.clear();
    for (const draw of due) draw();
}

/** Calls `draw` in the next frame, once. */
export function inNextFrame(draw) {
    waiting.add(draw);
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(run);
}

/**
 * A function that does `action` at once, and then not again before it has ended and `milliseconds` have passed; the last
 * call is never lost.
 */
export function throttled(milliseconds, action) {
    let isBusy = false;
    let again = false;
    async function fire() {
        isBusy = true;
        again = false;
        try {
            await action();
        } finally {
            setTimeout(() => {
                isBusy = false;
                if (again) fire();
            }, milliseconds);
        }
    }
    return () => {
        if (isBusy) again = true;
        else fire();
    };
}
