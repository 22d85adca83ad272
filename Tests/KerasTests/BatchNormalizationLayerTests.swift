import Formats
import Graph
import Keras
import OrderedCollections
import TestSupport
import Testing

@Suite struct BatchNormalizationLayerTests {
    private let names = ["gamma", "beta", "moving_mean", "moving_variance"]

    @Test func variablesAndShapes() throws {
        let layer = try LayerTrial("BatchNormalization")
        #expect(
            try layer.variables([4, 5, 3])
                == ["gamma [3]", "beta [3]", "(moving_mean [3])", "(moving_variance [3])"])
        #expect(try layer.shape([4, 5, 3]) == [4, 5, 3])
        let bare = try LayerTrial("BatchNormalization", ["scale": false, "center": false, "axis": [1]])
        #expect(try bare.variables([4, 3]) == ["(moving_mean [4])", "(moving_variance [4])"])
    }

    /// A batch of 1 and 5: mean 3, population variance 4.
    @Test func normalizesByTheBatchWhileTraining() throws {
        let layer = try LayerTrial("BatchNormalization", ["momentum": 0.75, "epsilon": 0])
        let outcome = try layer.run(
            [1, 5], [2, 1],
            variables: ["gamma": [10], "beta": [0.5], "moving_mean": [1], "moving_variance": [8]])
        outcome.expect([-9.5, 10.5])
        LayerTrial.expectNear(outcome.variables["moving_mean"], [1.5])
        LayerTrial.expectNear(outcome.variables["moving_variance"], [7])
    }

    @Test func defaultsAreKeras() throws {
        let outcome = try LayerTrial("BatchNormalization").run([1, 5], [2, 1])
        let unit = 2 / 4.001.squareRoot()
        outcome.expect([-unit, unit])
        LayerTrial.expectNear(outcome.variables["moving_mean"], [0.03])
        LayerTrial.expectNear(outcome.variables["moving_variance"], [1.03])
    }

    @Test func normalizesByTheMovingStatisticsElse() throws {
        let variables = ["gamma": [1.0], "beta": [0], "moving_mean": [1.0], "moving_variance": [4.0]]
        let config: JSON = ["epsilon": 0]
        let evaluated = try LayerTrial("BatchNormalization", config)
            .run([1, 5], [2, 1], variables: variables, isTraining: false)
        let frozen = try LayerTrial("BatchNormalization", config, isTrainable: false)
            .run([1, 5], [2, 1], variables: variables)
        for outcome in [evaluated, frozen] {
            outcome.expect([0, 2])
            #expect(outcome.variables["moving_mean"] == [1])
            #expect(outcome.variables["moving_variance"] == [4])
        }
    }

    @Test func anAxisMayBeInTheMiddle() throws {
        let layer = try LayerTrial("BatchNormalization", ["axis": 1, "epsilon": 0])
        // Channel 0 has 1 and 5, channel 1 has 2 and 2.
        let outcome = try layer.run([1, 5, 2, 4], [1, 2, 2], variables: ["gamma": [1, 10], "beta": [0, 1]])
        outcome.expect([-1, 1, -9, 11])
        LayerTrial.expectNear(outcome.variables["moving_mean"], [0.03, 0.03])
    }

    /// Keras 2 has the moving variance of images follow n / (n − 1) times the batch's.
    @Test(
        arguments: [
            (KerasVersion.keras2, [:], 4, 8 / 3.0), (.keras2, [:], 5, 8 / 3.0), (.keras2, [:], 3, 2),
            (.keras3, [:], 4, 2),
            (.keras2, ["fused": false], 4, 2), (.keras2, ["synchronized": true], 4, 2),
        ] as [(KerasVersion, JSON, Int, Double)])
    func movingVarianceOfImages(_ version: KerasVersion, _ more: JSON, _ rank: Int, _ variance: Double) throws {
        var config = more
        config["momentum"] = 0
        let layer = try LayerTrial("BatchNormalization", config, version)
        // 1, 3, 3, 5: mean 3, variance 2.
        let shape = [2] + Array(repeating: 1, count: rank - 3) + [2, 1]
        let outcome = try layer.run([1, 3, 3, 5], shape)
        LayerTrial.expectNear(outcome.variables["moving_variance"], [variance])
    }

    @Test func imagesOfOneCellDoNotDivideByZero() throws {
        let layer = try LayerTrial("BatchNormalization", ["momentum": 0.5], .keras2)
        let outcome = try layer.run([3], [1, 1, 1, 1])
        outcome.expect([0])
        LayerTrial.expectNear(outcome.variables["moving_variance"], [0.5])
    }

    /// TensorFlow's kernel adds at least 1.001e-5.
    @Test func imagesHaveALeastEpsilon() throws {
        let variables = ["moving_mean": [0.0], "moving_variance": [0.0]]
        func value(_ version: KerasVersion, _ shape: [Int]) throws -> [Double] {
            try LayerTrial("BatchNormalization", ["epsilon": 1e-6], version)
                .run([1], shape, variables: variables, isTraining: false).numbers
        }
        LayerTrial.expectNear(try value(.keras2, [1, 1, 1, 1]), [1 / 1.001e-5.squareRoot()])
        LayerTrial.expectNear(try value(.keras2, [1, 1]), [1000])
        LayerTrial.expectNear(try value(.keras3, [1, 1, 1, 1]), [1000])
    }

    /// Core 0 has 1 and 5, core 1 has 2 and 2: means 3 and 2, variances 4 and 0.
    @Test func eachCoreNormalizesItsOwnRows() throws {
        let layer = try LayerTrial("BatchNormalization", ["momentum": 0, "epsilon": 1e-12])
        let outcome = try layer.run([1, 5, 2, 2], [4, 1], cores: 2)
        outcome.expect([-1, 1, 0, 0])
        LayerTrial.expectNear(outcome.variables["moving_mean"], [2.5])
        LayerTrial.expectNear(outcome.variables["moving_variance"], [2])
    }

    /// Of 1, 5, 2 and 4 on two cores: mean 3, variance 2.5.
    @Test(arguments: ["BatchNormalization", "SyncBatchNormalization"])
    func synchronizedIsOverAllCores(_ className: String) throws {
        let config: JSON =
            className == "BatchNormalization"
            ? ["momentum": 0, "epsilon": 0, "synchronized": true] : ["momentum": 0, "epsilon": 0]
        let outcome = try LayerTrial(className, config).run([1, 5, 2, 4], [4, 1], cores: 2)
        let unit = 1 / 2.5.squareRoot()
        outcome.expect([-2 * unit, 2 * unit, -unit, unit])
        LayerTrial.expectNear(outcome.variables["moving_mean"], [3])
        LayerTrial.expectNear(outcome.variables["moving_variance"], [2.5])
    }

    /// Steps that the mask leaves out don't count: 1 and 5 of 1, 9, 5.
    @Test(arguments: [KerasVersion.keras2, .keras3])
    func maskedStepsDoNotCount(_ version: KerasVersion) throws {
        let layer = try LayerTrial("BatchNormalization", ["momentum": 0, "epsilon": 0], version)
        let outcome = try layer.run([1, 9, 5], [1, 3, 1], mask: .init([1, 0, 1], [1, 3]))
        outcome.expect([-1, 3, 1])
        LayerTrial.expectNear(outcome.variables["moving_mean"], [3])
        LayerTrial.expectNear(outcome.variables["moving_variance"], [4])
    }

    /// Sums over the batch are cut into lanes, whose number does not follow from the threads'.
    @Test func bitsAreTheSameForAnyThreads() throws {
        var generator = SeededGenerator(seed: 11)
        let numbers = (0..<(64 * 9 * 5)).map { _ in Double.random(in: -1...1, using: &generator) }
        let layer = try LayerTrial("BatchNormalization", [:], .keras2)
        let one = try layer.run(numbers, [64, 3, 3, 5], steps: 2, threads: 1)
        for threads in [2, 3, 4] {
            let several = try layer.run(numbers, [64, 3, 3, 5], steps: 2, threads: threads)
            #expect(several.numbers == one.numbers, "\(threads) threads")
            #expect(several.variables == one.variables, "\(threads) threads")
        }
        let reference = try layer.run(numbers, [64, 3, 3, 5], steps: 2)
        one.expect(reference.numbers)
        for name in names { LayerTrial.expectNear(one.variables[name], reference.variables[name] ?? []) }
    }

    @Test func keysOfBothVersionsAreKnown() {
        let config: JSON = [
            "axis": [3], "momentum": 0.99, "epsilon": 0.001, "center": true, "scale": true, "beta_initializer": "zeros",
            "gamma_initializer": "ones", "moving_mean_initializer": "zeros", "moving_variance_initializer": "ones",
            "beta_regularizer": nil, "gamma_regularizer": nil, "beta_constraint": nil, "gamma_constraint": nil,
        ]
        #expect(LayerTrial.faults("BatchNormalization", config, .keras2) == [])
        var new = config
        new["axis"] = -1
        new["synchronized"] = false
        new["renorm"] = false
        new["renorm_clipping"] = nil
        new["renorm_momentum"] = 0.99
        #expect(LayerTrial.faults("BatchNormalization", new) == [])
    }

    @Test func othersAreRefused() {
        func faults(_ name: String, _ value: JSON) -> [String] {
            LayerTrial.faults("BatchNormalization", [name: value])
        }
        #expect(faults("renorm", true) == ["/renorm: is not supported yet"])
        #expect(faults("virtual_batch_size", 4) == ["/virtual_batch_size: is not supported yet"])
        #expect(faults("axis", [1, 2]) == ["/axis: must be one axis; several are not supported yet"])
        #expect(faults("epsilon", -1) == ["/epsilon: must be a number of at least 0, not -1"])
        #expect(faults("momentum", "a") == ["/momentum: must be a finite number, not \"a\""])
    }
}
