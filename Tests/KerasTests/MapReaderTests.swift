import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct MapReaderTests {
    private func job(_ map: JSON) -> SmallJob {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [2]], "labels": ["classes": 3], "examples": 12]
        ])
        job.spec["train"]?["input"]?["map"] = map
        return job
    }

    static let names = "cast, scale, offset, normalize, reshape, one_hot, random_flip, random_crop"

    static let wrong: [(map: JSON, faults: [String])] = [
        ("scale", [": must be a list, not \"scale\""]),
        (JSON.array([JSON](repeating: ["scale": 1], count: 101)), [": must have at most 100 elements, not 101"]),
        (["scale"], ["/0: must be an object such as {\"scale\":0.5}, not \"scale\""]),
        ([[:]], ["/0: must be one step, as {\"scale\": 0.5}; there are \(names)"]),
        ([["scale": nil]], ["/0: must be one step, as {\"scale\": 0.5}; there are \(names)"]),
        (
            [["cast": "float32"], ["scale": 2, "offset": "x", "pad": 1]],
            [
                "/1/pad: \"pad\" is not a map step; there are cast, normalize, offset, one_hot, random_crop, "
                    + "random_flip, reshape, scale",
                "/1/offset: must be a finite number, not \"x\"",
                "/1: must be one step, as {\"scale\": 0.5}, not an object of 3 members: write each as an object of its "
                    + "own",
            ]
        ),
        (
            [
                ["random_flip": "sideways"], ["random_crop": [0, 1]], ["random_crop": [1, 1, -1]], ["random_crop": [8]],
            ],
            [
                "/0/random_flip: must be one of \"horizontal\", \"vertical\" or \"horizontal_and_vertical\", not "
                    + "\"sideways\"",
                "/1/random_crop/0: must be a positive number of pixels, not 0",
                "/2/random_crop/2: must be a whole number from 0 to 2147483647, not -1",
                "/3/random_crop: must have 2 to 3 elements, not 1",
            ]
        ),
        (
            [["cast": 7], ["cast": "float31"]],
            [
                "/0/cast: must be a string, not 7",
                "/1/cast: \"float31\" is not a type; did you mean \"float32\"?; there are bfloat16, bool, float16, "
                    + "float32, float64, int16, int32, int64, int8, uint16, uint32, uint64, uint8",
            ]
        ),
        ([["normalize": 3]], ["/0/normalize: must be an object such as {\"mean\":[0.5],\"std\":[0.25]}, not 3"]),
        ([["normalize": [:]]], ["/0/normalize/mean: is required", "/0/normalize/std: is required"]),
        (
            [["normalize": ["mean": [], "std": [0], "var": 1]]],
            [
                "/0/normalize/mean: must have at least 1 elements, not 0",
                "/0/normalize/std/0: must be a positive number, not 0",
                "/0/normalize/var: is not a known field",
            ]
        ),
        (
            [["reshape": [0]], ["reshape": 2], ["reshape": [2, 2_147_483_648]]],
            [
                "/0/reshape/0: must be a whole number from 1 to 2147483647, not 0", "/1/reshape: must be a list, not 2",
                "/2/reshape/1: must be a whole number from 1 to 2147483647, not 2147483648",
            ]
        ),
        ([["one_hot": 1_000_001]], ["/0/one_hot: must be a whole number from 1 to 1000000, not 1000001"]),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(job(row.map).faults == row.faults.map { "/train/input/map\($0)" })
    }

    /// What each step becomes, as the job's effect shows it.
    static let steps: [(step: JSON, words: String)] = [
        (["cast": "float32"], "cast(float32)"), (["scale": 0.5], "scale(0.5)"), (["offset": -1], "offset(-1.0)"),
        (["normalize": ["mean": [1, 2], "std": [3, 4]]], "normalize(mean: [1.0, 2.0], std: [3.0, 4.0])"),
        (["reshape": [2]], "reshape([2])"),
    ]

    @Test func randomStepsAreRead() throws {
        let map: JSON = [
            ["reshape": [2, 1]], ["random_flip": "horizontal_and_vertical"], ["random_crop": [3, 2, 4]],
            ["random_crop": [2, 1]], ["reshape": [2]],
        ]
        let job = job(map)
        let effect = try #require(job.effect)
        #expect(effect.contains("randomFlip(Datasets.FlipAxes.horizontalAndVertical)"))
        #expect(effect.contains("CropSize(height: 3, width: 2, padding: 4)"))
        #expect(effect.contains("CropSize(height: 2, width: 1, padding: 0)"))
        #expect(job.definition?.canonical["train"]?["input"]?["map"] == map)
    }

    @Test func stepsAreReadInTheirOrder() throws {
        for list in [Self.steps, Self.steps.reversed()] {
            let job = job(.array(list.map(\.step)))
            let effect = try #require(job.effect)
            let start = try #require(effect.firstRange(of: "map [")).upperBound
            let end = try #require(effect.firstRange(of: "] shuffle")).lowerBound
            let words = effect[start..<end].replacing("Datasets.MapStep.", with: "").replacing(
                "Formats.ElementType.", with: "")
            #expect(words == list.map(\.words).joined(separator: ", "))
            #expect(job.definition?.canonical["train"]?["input"]?["map"] == .array(list.map(\.step)))
        }
        #expect(try #require(job(nil).effect).contains("map [] shuffle"))
        #expect(job(nil).definition?.canonical["train"]?["input"]?["map"] == [])
    }
}
