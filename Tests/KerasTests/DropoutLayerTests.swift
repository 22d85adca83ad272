import Formats
import Keras
import Testing

@Suite struct DropoutLayerTests {
    private static let many = LayerRun.Input(shape: [100, 40], numbers: .init(repeating: 3, count: 4000))

    @Test func numbersBecomeZeroOrGrow() throws {
        let output = try LayerRun("Dropout", ["rate": 0.25], isTraining: true)(
            [Self.many], upstreams: [.init(repeating: 1, count: 4000)])
        let zeros = output.numbers.count { $0 == 0 }
        #expect((900...1100).contains(zeros), "\(zeros)")
        #expect(output.numbers.allSatisfy { $0 == 0 || $0 == 4 })
        // What was dropped has no gradient, the others have their factor.
        let slopes = output.numbers.map { $0 / 3 }
        #expect(isNear(output.gradients["x0"] ?? [], slopes))
    }

    @Test func stepsAndSeedsDiffer() throws {
        var run = try LayerRun("Dropout", ["rate": 0.5], isTraining: true)
        let first = try run([Self.many]).numbers
        #expect(try run([Self.many]).numbers == first)
        #expect(try run([Self.many], step: 1).numbers != first)
        run.seed = 8
        #expect(try run([Self.many]).numbers != first)
    }

    @Test(arguments: [0, 0.5]) func evaluationChangesNothing(_ rate: Double) throws {
        let input = LayerRun.Input(shape: [1, 2], numbers: [1, 2], mask: [1, 0])
        let output = try LayerRun("Dropout", ["rate": JSON(rate), "seed": 3])([input])
        #expect(output.numbers == [1, 2])
        #expect(output.masks == [[1, 0]])
    }

    @Test func theEndsOfTheRate() throws {
        #expect(try LayerRun("Dropout", ["rate": 0], isTraining: true)([Self.many]).numbers == Self.many.numbers)
        #expect(try LayerRun("Dropout", ["rate": 1], isTraining: true)([Self.many]).numbers.allSatisfy { $0 == 0 })
        #expect(LayerRun.read("Dropout", ["rate": 1.5]).faults == ["/rate: must be a number from 0 to 1, not 1.5"])
        #expect(LayerRun.read("Dropout").faults == ["/rate: is required"])
    }

    @Test(arguments: [("SpatialDropout1D", [30, 5, 20]), ("SpatialDropout2D", [30, 2, 3, 20])])
    func channelsAreDroppedWhole(_ className: String, _ shape: [Int]) throws {
        let count = shape.reduce(1, *)
        let output = try LayerRun(className, ["rate": 0.5, "seed": nil], isTraining: true)(
            [.init(shape: shape, numbers: .init(repeating: 1, count: count))])
        let places = count / 30 / 20
        for row in 0..<30 {
            for channel in 0..<20 {
                let values = Set((0..<places).map { output.numbers[(row * places + $0) * 20 + channel] })
                #expect(values.count == 1)
            }
        }
        #expect(Set(output.numbers) == [0, 2])
    }

    @Test func noiseIsTheSameAlongAxes() throws {
        let run = try LayerRun("Dropout", ["rate": 0.5, "noise_shape": [nil, 1]], isTraining: true)
        let rows = try run([Self.many]).numbers
        #expect((0..<100).allSatisfy { row in Set(rows[(row * 40)..<(row * 40 + 40)]).count == 1 })
        #expect(Set(rows).count == 2)
        #expect(run.refusal([[40, 2]])?.contains("does not stretch") == true)
    }

    @Test func whatIsRefused() throws {
        #expect(try LayerRun("SpatialDropout1D", ["rate": 0.1]).refusal([[4]])?.contains("1 spatial axes") == true)
        #expect(
            LayerRun.read("SpatialDropout2D", ["rate": 0.1, "data_format": "channels_first"]).faults == [
                "/data_format: channels_first is not supported: data is channels_last"
            ])
        #expect(LayerRun.read("SpatialDropout1D", ["rate": 0.1, "noise_shape": [nil, 1, 2]]).faults.count == 1)
    }
}
