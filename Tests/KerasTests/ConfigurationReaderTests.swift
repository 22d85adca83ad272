import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct ConfigurationReaderTests {
    static let wrong: [(section: String, value: JSON, faults: [String])] = [
        ("tpu_config", ["num_shards": 0], ["/num_shards: must be a whole number from 1 to 2048, not 0"]),
        (
            "tpu_config", ["num_shards": 2049, "iterations_per_loop": 0],
            [
                "/num_shards: must be a whole number from 1 to 2048, not 2049",
                "/iterations_per_loop: must be a whole number from 1 to 2147483647, not 0",
            ]
        ),
        (
            "tpu_config", ["num_shards": 12],
            ["/num_shards: must be 1 to 8 cores of one host or a multiple of 8, not 12"]
        ),
        (
            "tpu_config", ["per_host_input_for_training": "broadcast"],
            ["/per_host_input_for_training: \"broadcast\" is not supported yet; give true or false"]
        ),
        ("tpu_config", ["multi_host_evaluation": 1], ["/multi_host_evaluation: must be true or false, not 1"]),
        ("tpu_config", 8, [": must be an object, not 8"]),
        (
            "run_config", ["save_checkpoints_steps": 5, "save_checkpoints_secs": 5],
            ["/save_checkpoints_secs: can't be given together with save_checkpoints_steps"]
        ),
        (
            "run_config", ["random_seed": -1, "keep_checkpoint_max": 1.5, "log_every_n_secs": 0, "mastr": "x"],
            [
                "/random_seed: must be a whole number of at least 0, not -1",
                "/keep_checkpoint_max: must be a whole number from 0 to 1000000, not 1.5",
                "/log_every_n_secs: must be a whole number from 1 to 2147483647, not 0",
                "/mastr: is not a known field; did you mean \"master\"?",
            ]
        ),
    ]

    @Test(arguments: ["m", "", "0s", "-1s", "1.5m", "5 m", "+5m", "5d", "٣s", "87601h", "99999999999999999999s", "s5"])
    func isNotATime(text: String) {
        #expect(
            SmallJob.with("tpu_config", ["iterations_per_loop": .string(text)]).faults == [
                "/tpu_config/iterations_per_loop: must be a number of steps, or a time from \"1s\" to \"315360000s\", as \"30s\", "
                    + "\"5m\" or \"1h\", not \"\(text)\""
            ])
    }

    @Test(arguments: [("1s", 1), ("30s", 30), ("5m", 300), ("1h", 3600), ("87600h", 315_360_000)])
    func isATime(text: String, seconds: Int) throws {
        let job = try #require(SmallJob.with("tpu_config", ["iterations_per_loop": .string(text)]).definition)
        #expect(job.config.tpuConfig.secondsPerLoop == seconds)
        #expect(job.canonical["tpu_config"]?["iterations_per_loop"] == .string(text))
    }

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(SmallJob.with(row.section, row.value).faults == row.faults.map { "/\(row.section)\($0)" })
    }

    @Test func endsOfTheRangesAreTaken() {
        for (section, value) in [
            ("tpu_config", ["iterations_per_loop": 2_147_483_647, "num_shards": 8]),
            ("tpu_config", ["iterations_per_loop": 1, "num_shards": 1, "multi_host_evaluation": true]),
            ("run_config", ["keep_checkpoint_max": 0, "random_seed": 0, "save_summary_steps": 100]),
            ("run_config", ["random_seed": JSON(Int.max), "save_checkpoints_secs": 1, "save_checkpoints_steps": nil]),
            ("run_config", nil),
        ] as [(String, JSON)] { #expect(SmallJob.with(section, value).faults == [], "\(value)") }
    }
}
