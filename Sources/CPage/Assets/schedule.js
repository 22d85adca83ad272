// The learning rate at a step, by the optimizer of a specification (docs/job.md, "Schedules"). The series of a job have
// none, so it is computed from what was asked for.

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

const polynomial = (f) => (step) => {
    const { decay_steps: length, power = 1, cycle = false, end_learning_rate: end = 0.0001 } = f;
    const rounds = cycle ? Math.max(1, Math.ceil(step / length)) : 1;
    const part = cycle ? step / (length * rounds) : Math.min(step, length) / length;
    return (start(f) - end) * (1 - part) ** power + end;
};
const exponent = (f) => (step) => (f.staircase ? Math.floor(step / f.decay_steps) : step / f.decay_steps);
const start = (f) => f.initial_learning_rate ?? f.learning_rate;
const cosine = (part) => 0.5 * (1 + Math.cos(Math.PI * part));

const restarts = (f) => (step) => {
    const { t_mul: longer = 2, m_mul: lower = 1, alpha = 0 } = f;
    let length = f.first_decay_steps;
    let at = step;
    let scale = 1;
    while (at >= length && length > 0) {
        at -= length;
        length *= longer;
        scale *= lower;
    }
    return start(f) * ((1 - alpha) * scale * cosine(at / length) + alpha);
};

const schedules = {
    ExponentialDecay: (f) => (step) => start(f) * f.decay_rate ** exponent(f)(step),
    InverseTimeDecay: (f) => (step) => start(f) / (1 + f.decay_rate * exponent(f)(step)),
    natural_exp_decay: (f) => (step) => start(f) * Math.exp(-f.decay_rate * exponent(f)(step)),
    PolynomialDecay: polynomial,
    warmup_polynomial: (f) => (step) => (step < f.warmup_steps ? (start(f) * step) / f.warmup_steps : polynomial(f)(step)),
    CosineDecay: (f) => (step) => {
        const { alpha = 0, warmup_target: target = null, warmup_steps: warm = 0 } = f;
        const top = target ?? start(f);
        if (target !== null && step < warm) return start(f) + ((target - start(f)) * step) / warm;
        const part = clamp((target === null ? step : step - warm) / f.decay_steps, 0, 1);
        return top * ((1 - alpha) * cosine(part) + alpha);
    },
    CosineDecayRestarts: restarts,
    PiecewiseConstantDecay: (f) => (step) => {
        const index = f.boundaries.findIndex((boundary) => step <= boundary);
        return f.values[index < 0 ? f.values.length - 1 : index];
    },
};
Object.assign(schedules, {
    exponential_decay: schedules.ExponentialDecay, inverse_time_decay: schedules.InverseTimeDecay,
    polynomial_decay: polynomial, cosine_decay: schedules.CosineDecay, cosine_decay_restarts: restarts,
    piecewise_constant: schedules.PiecewiseConstantDecay,
});

/** Name and fields of an object in the short form or in Keras' serialized one. */
function named(value) {
    if (typeof value !== "object" || value === null) return null;
    if (typeof value.class_name === "string") return [value.class_name, value.config ?? {}];
    const names = Object.keys(value);
    return names.length === 1 ? [names[0], value[names[0]] ?? {}] : null;
}

/** The rate by the number of steps done, as a function; null where it is not known here. */
export function learningRate(optimizer) {
    const fields = named(optimizer)?.[1];
    const rate = fields?.learning_rate ?? fields?.lr;
    if (typeof rate === "number") return () => rate;
    const [name, values] = named(rate) ?? [];
    return schedules[name]?.(values) ?? null;
}
