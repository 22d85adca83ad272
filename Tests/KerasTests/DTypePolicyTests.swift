import Formats
import Keras
import OrderedCollections
import TestSupport
import Testing

@Suite struct DTypePolicyTests {
    private static func dense(_ dtype: JSON, units: Int = 3) -> JSON {
        [["Dense": ["units": JSON(units), "name": "d", "input_shape": [2], "dtype": dtype]]]
    }

    /// As Keras 2 and Keras 3 write them.
    @Test func policiesOfLayers() throws {
        let keras3: JSON = [
            "module": "keras", "class_name": "DTypePolicy", "config": ["name": "mixed_bfloat16"],
            "registered_name": nil, "shared_object_id": 7,
        ]
        let keras2: JSON = ["class_name": "Policy", "config": ["name": "mixed_bfloat16"]]
        let plain = try #require(SmallJob.with("model", Self.dense("float32")).effect)
        let mixed = try #require(SmallJob.with("model", Self.dense("mixed_bfloat16")).effect)
        #expect(plain != mixed)
        for dtype in [keras3, keras2] { #expect(SmallJob.with("model", Self.dense(dtype)).effect == mixed) }
        for name in ["float16", "mixed_float16", "bfloat16", "float64"] {
            #expect(
                SmallJob.with("model", Self.dense(JSON(name))).faults == [
                    "/model/0/Dense/dtype: \(name) is not supported yet; this version computes in float32 or mixed_bfloat16"
                ])
        }
    }

    /// The job's policy is that of all layers, whatever they say.
    @Test func thePolicyOfAJob() throws {
        func output(_ policy: JSON, _ dtype: JSON) throws -> [Double] {
            let kernel = NDArray([1.001, 2.001, 3.001, 4.001, 5.001, 6.001] as [Float], shape: [2, 3])
            return try SmallModel(
                Self.dense(dtype), rows: NDArray([0.3, 0.7] as [Float], shape: [1, 2]),
                variables: ["d/kernel": kernel, "d/bias": NDArray([0, 0, 0] as [Float])], policy: policy
            ).output
        }
        let (single, mixed) = (try output(nil, "float32"), try output(nil, "mixed_bfloat16"))
        #expect(single != mixed)
        #expect(try output("mixed_bfloat16", "float32") == mixed)
        #expect(try output("mixed_bfloat16", nil) == mixed)
        #expect(try output("float32", "mixed_bfloat16") == single)
        #expect(
            SmallJob.with("dtype_policy", "float16").faults == [
                "/dtype_policy: must be one of \"float32\" or \"mixed_bfloat16\", not \"float16\"; did you mean \"float32\"?"
            ])
    }

    private static func rounded(_ x: Float) -> Float {
        Float(NDArray([x]).converted(to: .bfloat16).doubles[0])
    }

    /// Products of rounded numbers, whose sum, the sum with the bias and the activation's result are rounded.
    @Test(arguments: [UInt64.random(in: .min ... .max), 1])
    func aLayerRoundsWhatComesInAndGoesOut(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -2...2, using: &random) } }
        let (x, kernel, bias) = (numbers(8), numbers(6), numbers(3))
        let variables: OrderedDictionary = [
            "d/kernel": NDArray(kernel, shape: [2, 3]), "d/bias": NDArray(bias, shape: [3]),
        ]
        let rows = NDArray(x, shape: [4, 2])
        func product(_ round: (Float) -> Float) -> [Double] {
            (0..<12).map { place in
                let (row, unit) = (place / 3, place % 3)
                let sum = round(x[2 * row]) * round(kernel[unit]) + round(x[2 * row + 1]) * round(kernel[3 + unit])
                return Double(round(round(sum) + round(bias[unit])))
            }
        }
        let mixed = try SmallModel(Self.dense("mixed_bfloat16"), rows: rows, variables: variables)
        #expect(mixed.output == product(Self.rounded), "seed \(seed)")
        let job = try SmallModel(Self.dense(nil), rows: rows, variables: variables, policy: "mixed_bfloat16")
        #expect(job.output == mixed.output, "seed \(seed)")
        let plain = try SmallModel(Self.dense(nil), rows: rows, variables: variables)
        #expect(plain.output != mixed.output, "seed \(seed)")
    }

    /// 1.5 · 1.0045 lies between 1.5 and 1.5078; 1.5 times the nearest bfloat16 of 1.0045 would be 1.515625.
    @Test func normalizingLayersTakeTheirVariablesAsTheyAre() throws {
        let model: JSON = [
            ["BatchNormalization": ["name": "n", "epsilon": 0.001, "input_shape": [1], "dtype": "mixed_bfloat16"]]
        ]
        let output = try SmallModel(
            model, rows: NDArray([1.5] as [Float], shape: [1, 1]),
            variables: [
                "n/gamma": NDArray([1.0045] as [Float]), "n/beta": NDArray([0] as [Float]),
                "n/moving_mean": NDArray([0] as [Float]), "n/moving_variance": NDArray([0.999] as [Float]),
            ]
        ).output
        #expect(output == [1.5078125])
    }
}
