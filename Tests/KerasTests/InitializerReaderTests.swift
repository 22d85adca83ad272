import Formats
import OrderedCollections
import Testing

@Suite struct InitializerReaderTests {
    private func job(_ initializer: JSON) -> SmallJob {
        SmallJob.with(
            "model", [["Dense": ["units": 3, "input_shape": [2], "kernel_initializer": initializer]]])
    }

    private static let classes = [
        "Zeros", "Ones", "Constant", "GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform",
        "LecunNormal", "RandomUniform", "RandomNormal", "TruncatedNormal", "VarianceScaling",
    ]

    private static let names = [
        "zeros", "ones", "constant", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
        "lecun_normal", "random_uniform", "random_normal", "truncated_normal", "variance_scaling",
    ]

    @Test func aNameMeansItsClass() {
        for (name, className) in zip(Self.names, Self.classes) {
            let effect = job(.string(name)).effect
            #expect(effect != nil, "\(name)")
            #expect(effect == job([className: [:]]).effect, "\(name)")
            #expect(effect == job(["class_name": .string(className), "config": ["seed": 7]]).effect, "\(name)")
        }
        #expect(job("uniform").effect == job("RandomUniform").effect)
        #expect(job("zero").effect == job("Zeros").effect)
        #expect(job(nil).effect == job("glorot_uniform").effect)
    }

    @Test func everyNumberActs() {
        let different: [JSON] = [
            "zeros", ["Constant": ["value": 2]], "he_normal", "he_uniform", ["RandomUniform": ["minval": -1]],
            ["RandomUniform": ["maxval": 1]], ["RandomNormal": ["mean": 1]], ["RandomNormal": ["stddev": 1]],
            ["TruncatedNormal": ["stddev": 1]], ["VarianceScaling": ["scale": 3]],
            ["VarianceScaling": ["scale": 3, "mode": "fan_out"]], ["VarianceScaling": ["scale": 3, "mode": "fan_avg"]],
            ["VarianceScaling": ["scale": 3, "distribution": "uniform"]],
            ["VarianceScaling": ["scale": 3, "distribution": "untruncated_normal"]],
        ]
        let effects = different.map { job($0).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == effects.count)
    }

    static let wrong: [(JSON, String)] = [
        (["RandomNormal": ["stddev": -1]], "RandomNormal/stddev: must be a number of at least 0, not -1"),
        (["VarianceScaling": ["scale": 0]], "VarianceScaling/scale: must be a positive number, not 0"),
        (
            ["VarianceScaling": ["mode": "fan_inn"]],
            "VarianceScaling/mode: must be one of \"fan_in\", \"fan_out\" or \"fan_avg\", not \"fan_inn\"; did you mean "
                + "\"fan_in\"?"
        ), (["Zeros": ["value": 1]], "Zeros/value: is not a known field"),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        #expect(
            job(Self.wrong[index].0).faults == ["/model/0/Dense/kernel_initializer/" + Self.wrong[index].1])
    }

    @Test func laterOnesAreToldAsSuch() { #expect(job("STFT").codes == [SpecError.notSupported]) }
}
