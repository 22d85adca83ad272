import Estimator
import Executor
import Graph
import Testing

@Suite struct PreparedInputTests {
    /// The feeding threads of the hosts before the one whose input fails have ended when the call returns.
    @Test func aStartThatFailsOnAHostLeavesNoThread() throws {
        final class Watched: InputIterator {
            let living: Condition<Int>
            init(_ living: Condition<Int>) {
                self.living = living
                living.update { $0 += 1 }
            }
            deinit { living.update { $0 -= 1 } }
            func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? { nil }
        }
        struct FailingInput: InputFunction {
            let living = Condition(0)
            let made = Condition(0)
            var features: TypeStructure { .single(TensorType(.float32, [6])) }
            var labels: TypeStructure? { .single(.scalar(.int32)) }
            func makeIterator(_ request: InputRequest) throws -> any InputIterator {
                made.update { $0 += 1 }
                guard made.withLock({ $0 }) < 4 else { throw TestFailure("host 3 has no file") }
                return Watched(living)
            }
        }
        let input = FailingInput()
        #expect(throws: TrainingError.inputFailed(detail: "host 3 has no file")) {
            try SmallModel(shards: 4, hosts: 4).estimator(TemporaryFolder()).train(input: input, steps: 1)
        }
        #expect(input.made.withLock { $0 } == 4)
        // A thread holds its iterator as long as it lives.
        #expect(input.living.wait(atMost: 20) { $0 == 0 ? true : nil } == true)
    }
}
