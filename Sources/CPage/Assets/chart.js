// A chart of curves on a canvas. Several charts share a view: what is zoomed, pointed at or smoothed in one is so in all.

import { styleValue } from "./colour.js";
import { h, keyed, setAttribute, setText } from "./dom.js";
import { integer, number } from "./format.js";
import { inNextFrame } from "./frame.js";
import { logarithmicTicks, lowerBound, nearest, smoothed, thinned, ticks } from "./series.js";

const edge = { left: 56, right: 12, top: 10, bottom: 22 };

/** What charts share. */
export class ChartGroup {
    /** The stretch of x that is shown; null for all. */
    zoom = null;
    /** The x that is pointed at; null for none. */
    cursor = null;
    /** The weight of what was before, from 0 to 1. */
    smoothing = 0;
    /** Whether y is logarithmic, where all values allow it. */
    isLogarithmic = false;
    /** How an x is told. */
    formatX = integer;
    charts = new Set();

    /** Draws all of them anew, once a frame. */
    changed() {
        for (const chart of this.charts) chart.draw();
    }

    /** From the least to the largest x of all charts. */
    get extent() {
        let low = Infinity;
        let high = -Infinity;
        for (const chart of this.charts) {
            for (const { xs } of chart.curves) {
                if (xs.length === 0) continue;
                low = Math.min(low, xs[0]);
                high = Math.max(high, xs[xs.length - 1]);
            }
        }
        return low <= high ? [low, Math.max(high, low + 1e-9)] : [0, 1];
    }

    /** The stretch that is drawn. */
    get range() {
        return this.zoom ?? this.extent;
    }

    /** Zooms by a factor around an x; a factor below 1 shows less. */
    scale(factor, center) {
        const [low, high] = this.range;
        const [least, most] = this.extent;
        const from = Math.max(least, center - (center - low) * factor);
        const to = Math.min(most, center + (high - center) * factor);
        if (to - from < (most - least) * 1e-6) return;
        this.zoom = from <= least && to >= most ? null : [from, to];
        this.changed();
    }
}

export class Chart {
    element;
    /**
     * The curves: `{name, colour, isDashed, isExact, xs, ys}`. `colour` is a function, asked in each drawing as themes change;
     * one that is dashed or exact is not smoothed.
     */
    curves = [];
    #group;
    #format;
    #title;
    #canvas = h("canvas", { role: "img", tabindex: "0" });
    #legend = h("ul", { class: "legend" });
    #said = h("span", { class: "hidden", "aria-live": "polite" });
    #drag = null;
    #size = [0, 0];

    /** `format(y)` tells a value. */
    constructor({ title, group, format = number }) {
        this.#group = group;
        this.#format = format;
        this.#title = title;
        this.element = h("figure", { class: "chart" }, h("figcaption", {}, h("h3", {}, title), this.#legend), h("div", { class: "canvas" }, this.#canvas), this.#said);
        group.charts.add(this);
        this.#listen();
        new ResizeObserver(([entry]) => {
            this.#size = [entry.contentRect.width, entry.contentRect.height];
            this.draw();
        }).observe(this.#canvas.parentElement);
    }

    /** Shows these curves. */
    set(curves) {
        this.curves = curves;
        this.draw();
    }

    draw() {
        inNextFrame(this.#draw);
    }

    #draw = () => {
        const [width, height] = this.#size;
        if (width < 80 || height < 60 || !this.#canvas.isConnected) return;
        const scale = devicePixelRatio || 1;
        if (this.#canvas.width !== Math.round(width * scale) || this.#canvas.height !== Math.round(height * scale)) {
            this.#canvas.width = Math.round(width * scale);
            this.#canvas.height = Math.round(height * scale);
        }
        const context = this.#canvas.getContext("2d");
        context.setTransform(scale, 0, 0, scale, 0, 0);
        context.clearRect(0, 0, width, height);
        const lines = this.curves.map((curve) => ({ ...curve, smooth: curve.isDashed || curve.isExact ? curve.ys : smoothed(curve.ys, this.#group.smoothing) }));
        const frame = this.#frame(lines, width, height);
        this.#drawAxes(context, frame, width, height);
        context.save();
        context.beginPath();
        context.rect(edge.left - 4, edge.top - 4, width - edge.left - edge.right + 8, height - edge.top - edge.bottom + 8);
        context.clip();
        for (const line of lines) {
            const colour = line.colour();
            if (line.smooth !== line.ys) trace(context, line.xs, line.ys, frame, colour, 0.25, []);
            trace(context, line.xs, line.smooth, frame, colour, 1, line.isDashed ? [5, 4] : []);
        }
        this.#drawCursor(context, lines, frame, height);
        context.restore();
        this.#fillLegend(lines);
    };

    /** How values become pixels. */
    #frame(lines, width, height) {
        const [x0, x1] = this.#group.range;
        let low = Infinity;
        let high = -Infinity;
        for (const { xs, smooth: values } of lines) {
            const last = Math.min(xs.length, lowerBound(xs, x1) + 1);
            for (let index = Math.max(0, lowerBound(xs, x0) - 1); index < last; index++) {
                const value = values[index];
                if (!Number.isFinite(value)) continue;
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low > high) [low, high] = [0, 1];
        const isLogarithmic = this.#group.isLogarithmic && low > 0;
        if (high - low <= Math.abs(high) * 1e-9) {
            const room = Math.abs(low) * 0.1 || 0.5;
            [low, high] = isLogarithmic ? [low / 1.5, high * 1.5] : [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
        } else if (isLogarithmic) {
            const room = (high / low) ** 0.05;
            [low, high] = [low / room, high * room];
        } else {
            const room = (high - low) * 0.06;
            [low, high] = [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
        }
        const form = isLogarithmic ? Math.log : (value) => value;
        const [from, to] = [form(low), form(high)];
        const across = width - edge.left - edge.right;
        const up = height - edge.top - edge.bottom;
        return {
            x0, x1, low, high, isLogarithmic, columns: Math.max(1, Math.round(across)),
            x: (value) => edge.left + ((value - x0) / (x1 - x0)) * across,
            y: (value) => edge.top + (1 - (form(value) - from) / (to - from)) * up,
        };
    }

    #drawAxes(context, frame, width, height) {
        context.font = `11px ${styleValue("--sans") || "sans-serif"}`;
        context.lineWidth = 1;
        context.strokeStyle = styleValue("--grid");
        context.fillStyle = styleValue("--muted");
        context.textBaseline = "middle";
        context.textAlign = "right";
        const marks = frame.isLogarithmic ? logarithmicTicks(frame.low, frame.high) : ticks(frame.low, frame.high, (height - 30) / 36);
        context.beginPath();
        for (const mark of marks) {
            const y = Math.round(frame.y(mark)) + 0.5;
            context.moveTo(edge.left, y);
            context.lineTo(width - edge.right, y);
            context.fillText(this.#format(mark), edge.left - 7, y);
        }
        context.stroke();
        context.textBaseline = "alphabetic";
        context.textAlign = "center";
        for (const mark of ticks(frame.x0, frame.x1, width / 75)) {
            const x = frame.x(mark);
            if (x > edge.left + 8 && x < width - edge.right - 16) context.fillText(this.#group.formatX(mark), x, height - 6);
        }
        const selection = this.#drag;
        if (selection && Math.abs(selection.to - selection.from) > 3) {
            context.fillStyle = styleValue("--select");
            context.fillRect(Math.min(selection.from, selection.to), edge.top, Math.abs(selection.to - selection.from), height - edge.top - edge.bottom);
        }
    }

    #drawCursor(context, lines, frame, height) {
        const cursor = this.#group.cursor;
        if (cursor === null) return;
        context.strokeStyle = styleValue("--muted");
        context.setLineDash([]);
        context.globalAlpha = 0.7;
        context.beginPath();
        const x = Math.round(frame.x(cursor)) + 0.5;
        context.moveTo(x, edge.top);
        context.lineTo(x, height - edge.bottom);
        context.stroke();
        context.globalAlpha = 1;
        for (const line of lines) {
            const index = nearest(line.xs, cursor);
            if (index < 0 || !Number.isFinite(line.smooth[index])) continue;
            context.fillStyle = line.colour();
            context.beginPath();
            context.arc(frame.x(line.xs[index]), frame.y(line.smooth[index]), 3.5, 0, 2 * Math.PI);
            context.fill();
        }
    }

    #fillLegend(lines) {
        const cursor = this.#group.cursor;
        keyed(this.#legend, lines, (line) => line.name, () => h("li", {}, h("i", { "aria-hidden": "true" }), h("span"), h("b")), (item, line) => {
            const [mark, name, value] = item.children;
            mark.style.setProperty("--line", line.colour());
            setAttribute(mark, "data-dashed", line.isDashed ? "1" : null);
            setText(name, line.name);
            const index = cursor === null ? line.ys.length - 1 : nearest(line.xs, cursor);
            const isLost = line.ys.some((y) => !Number.isFinite(y));
            setText(value, index < 0 ? "–" : this.#format(line.ys[index]) + (isLost && cursor === null ? " (some not finite)" : ""));
        });
        const last = lines.map((line) => `${line.name} ${this.#format(line.ys[line.ys.length - 1])}`).join(", ");
        setAttribute(this.#canvas, "aria-label", `${this.#title}: ${last || "no points yet"}. Arrow keys read values, plus and minus zoom, 0 shows all.`);
    }

    // MARK: Pointer and keys

    #x(pixel) {
        const [x0, x1] = this.#group.range;
        return x0 + ((pixel - edge.left) / (this.#size[0] - edge.left - edge.right)) * (x1 - x0);
    }

    #listen() {
        const canvas = this.#canvas;
        const group = this.#group;
        const at = (event) => event.clientX - canvas.getBoundingClientRect().left;
        canvas.addEventListener("pointermove", (event) => {
            group.cursor = Math.max(group.range[0], Math.min(group.range[1], this.#x(at(event))));
            if (this.#drag) this.#drag.to = Math.max(edge.left, Math.min(this.#size[0] - edge.right, at(event)));
            group.changed();
        });
        canvas.addEventListener("pointerleave", () => {
            group.cursor = null;
            group.changed();
        });
        canvas.addEventListener("pointerdown", (event) => {
            if (event.button !== 0 || event.pointerType === "touch") return;
            canvas.setPointerCapture(event.pointerId);
            this.#drag = { from: at(event), to: at(event) };
        });
        canvas.addEventListener("pointerup", () => {
            const drag = this.#drag;
            this.#drag = null;
            if (!drag) return;
            if (Math.abs(drag.to - drag.from) > 5) group.zoom = [this.#x(Math.min(drag.from, drag.to)), this.#x(Math.max(drag.from, drag.to))];
            group.changed();
        });
        canvas.addEventListener("dblclick", () => {
            group.zoom = null;
            group.changed();
        });
        canvas.addEventListener("wheel", (event) => {
            if (!event.ctrlKey) return;
            event.preventDefault();
            group.scale(event.deltaY > 0 ? 1.25 : 0.8, this.#x(at(event)));
        }, { passive: false });
        canvas.addEventListener("keydown", (event) => this.#keyDown(event));
        canvas.addEventListener("blur", () => {
            group.cursor = null;
            group.changed();
        });
    }

    #keyDown(event) {
        const group = this.#group;
        const xs = this.curves.find((curve) => curve.xs.length)?.xs;
        const [x0, x1] = group.range;
        const middle = group.cursor ?? (x0 + x1) / 2;
        if (event.key === "+" || event.key === "=") group.scale(0.7, middle);
        else if (event.key === "-") group.scale(1.4, middle);
        else if (event.key === "0" || event.key === "Escape") group.zoom = null;
        else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && xs) {
            const step = Math.max(1, Math.round((lowerBound(xs, x1) - lowerBound(xs, x0)) / 100)) * (event.key === "ArrowLeft" ? -1 : 1);
            const index = group.cursor === null ? xs.length - 1 : nearest(xs, group.cursor) + step;
            group.cursor = xs[Math.max(0, Math.min(xs.length - 1, index))];
            const values = this.curves.map((curve) => `${curve.name} ${this.#format(curve.ys[nearest(curve.xs, group.cursor)])}`);
            setText(this.#said, `${group.formatX(group.cursor)}: ${values.join(", ")}`);
        } else return;
        event.preventDefault();
        group.changed();
    }
}

/** Draws a curve; a point between two gaps is a dot. */
function trace(context, xs, ys, frame, colour, opacity, dash) {
    const first = Math.max(0, lowerBound(xs, frame.x0) - 1);
    const last = Math.min(xs.length, lowerBound(xs, frame.x1) + 1);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.globalAlpha = opacity;
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.beginPath();
    let isDrawing = false;
    const indices = thinned(ys, first, last, frame.columns);
    const isSparse = indices.length <= 24;
    for (const index of indices) {
        if (!Number.isFinite(ys[index]) || (frame.isLogarithmic && ys[index] <= 0)) {
            isDrawing = false;
            continue;
        }
        const x = frame.x(xs[index]);
        const y = frame.y(ys[index]);
        if (isDrawing) context.lineTo(x, y);
        else context.moveTo(x, y);
        isDrawing = true;
    }
    context.stroke();
    if (isSparse) {
        for (const index of indices) {
            if (!Number.isFinite(ys[index]) || (frame.isLogarithmic && ys[index] <= 0)) continue;
            context.beginPath();
            context.arc(frame.x(xs[index]), frame.y(ys[index]), 2.4, 0, 2 * Math.PI);
            context.fill();
        }
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
}
