import Formats
import Keras
import Testing

@Suite struct NoiseShapeTests {
    private func faults(_ shape: JSON) -> [String] {
        LayerRun.read("Dropout", ["rate": 0.5, "noise_shape": shape]).faults
    }

    @Test func whatIsTaken() throws {
        for shape in [nil, [nil, nil], [1, 4], [nil, 1], [1, 1]] as [JSON] {
            #expect(faults(shape) == [])
            #expect(try LayerRun("Dropout", ["rate": 0.5, "noise_shape": shape]).refusal([[4]]) == nil, "\(shape)")
        }
    }

    @Test func whatIsRefused() throws {
        #expect(faults([8, 1]) == ["/noise_shape/0: must be null or 1: the batch size is the job's"])
        #expect(faults([nil, 0]) == ["/noise_shape/1: must be a positive whole number, not 0"])
        #expect(faults("all") == ["/noise_shape: must be a list, not \"all\""])
        #expect(faults([]).count == 1)
        for shape in [[nil, 3], [nil], [nil, 4, 1]] as [JSON] {
            #expect(
                try LayerRun("Dropout", ["rate": 0.5, "noise_shape": shape]).refusal([[4]])?
                    .contains("does not stretch to a batch of rows of shape [4]") == true)
        }
    }

    @Test func oneForTheBatch() throws {
        let run = try LayerRun("Dropout", ["rate": 0.5, "noise_shape": [1, nil]], isTraining: true)
        let numbers = try run([.init(shape: [3, 50], numbers: .init(repeating: 1, count: 150))]).numbers
        #expect(numbers[0..<50] == numbers[50..<100] && numbers[50..<100] == numbers[100..<150])
        #expect(Set(numbers) == [0, 2])
    }
}
