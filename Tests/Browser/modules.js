// What the page's modules compute, in the browser: an expression whose value is the list of what is wrong. `folder` is where
// the modules are, `schedules` are cases that TensorFlow computed.
(async (folder, schedules) => {
    const wrong = [];
    const same = (found, expected, what) => {
        if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
    };
    const [{ learningRate }, { EventReader }, { locate, child }, series, { ranges }, { parse }] = await Promise.all(
        ["schedule", "feed", "pointer", "series", "ranges", "api"].map((name) => import(`${folder}${name}.js`)));

    for (const { id, schedule, steps, values } of schedules) {
        const { kind, ...fields } = schedule;
        const name = kind === "warmup_cosine" ? "CosineDecay" : kind;
        const rate = learningRate({ SGD: { learning_rate: { [name]: fields } } });
        if (!rate) wrong.push(`${id}: no schedule is called ${name}`);
        else steps.forEach((step, index) => {
            if (Math.abs(rate(step) - values[index]) > 1e-4 * Math.abs(values[index]) + 1e-8) wrong.push(`${id} at ${step}: expected ${values[index]}, found ${rate(step)}`);
        });
    }
    same(learningRate({ class_name: "Adam", config: { learning_rate: 0.5 } })(7), 0.5, "a rate that does not change");
    same(learningRate("adam"), null, "a rate that is not told");

    // A stream may be cut anywhere.
    const stream = ": comment\n\nid: 1\nevent: STATE\ndata: {\"a\":\ndata: 1}\n\nid: 2\r\nevent: LATER\r\ndata:x\r\n\r\ndata: 3\n\n: end";
    const events = [{ id: "1", type: "STATE", data: "{\"a\":\n1}" }, { id: "2", type: "LATER", data: "x" }, { id: null, type: "message", data: "3" }];
    for (let cut = 0; cut <= stream.length; cut++) {
        const reader = new EventReader();
        same([...reader.read(stream.slice(0, cut)), ...reader.read(stream.slice(cut))], events, `a stream cut at ${cut}`);
    }

    const text = "{\"a\": [1, {\"b/c\": \"x\\\"}\"}], \"d~\" : null}";
    const at = (pointer) => text.slice(...locate(text, pointer));
    same(at(""), text, "the whole");
    same(at("/a/0"), "1", "an item");
    same(at("/a/1/b~1c"), "\"x\\\"}\"", "a name with a slash");
    same(at("/d~0"), "null", "a name with a tilde");
    same(at("/none"), "", "nothing that there is");
    same(child("/a", "b/c~"), "/a/b~1c~0", "a pointer's child");

    same([...series.smoothed([1, NaN, 3], 0.5)].map((y) => (Number.isNaN(y) ? "gap" : Number(y.toFixed(4)))), [1, "gap", 2.3333], "smoothing");
    same(series.nearest([0, 10, 20], 14), 1, "the nearest point");
    same(series.nearest([], 1), -1, "no point");
    const peak = Float64Array.from({ length: 10_000 }, (_, index) => (index === 4321 ? 9 : 0));
    same(series.thinned(peak, 0, peak.length, 100).includes(4321), true, "a peak is kept");
    same(series.ticks(0, 1, 4), [0, 0.5, 1], "round marks");
    same(series.ticks(-3, 7, 5), [-2, 0, 2, 4, 6], "marks around zero");
    same(series.speeds([0, 10, 20], [0, 1, 3], 0.5), { at: [1, 2], values: [10, 5] }, "steps a second");
    same(ranges([0, 1, 2, 5, 7, 8]), "0–2, 5, 7–8", "ranges");
    same(JSON.stringify(parse("{\"seed\": 9007199254740993, \"rate\": 0.1}")), "{\"seed\":9007199254740993,\"rate\":0.1}", "a number that JavaScript can't hold");
    return wrong;
})
