import Dispatch
import Executor
import Graph
import Synchronization
import TestSupport
import Testing

/// What all threads share of oneDNN.
struct OneDNNTests {
    /// Convolutions of float32 and of bfloat16 whose primitives threads make at the same time: whole numbers, so that every
    /// sum is exact and the results are those of the definition to the bit.
    @Test func primitivesAreMadeOneAtATime() {
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            var random = SeededGenerator(seed: UInt64(thread))
            let isRounded = thread.isMultiple(of: 2)
            for _ in 0..<80 {
                let channels = 1 + random.below(isRounded ? 40 : 5)
                let types = [
                    TensorType(.float32, [1 + random.below(4), 3 + random.below(8), channels]),
                    TensorType(.float32, [2, channels, 1 + random.below(5)]),
                ]
                let operands = types.map { type in
                    Literal(type: type, integers: (0..<type.count).map { _ in Int64(random.below(13)) - 6 })
                }
                let op = Op.convolution(Window(extents: [2]), groups: 1)
                func result(_ executor: ExecutorUnderTest) throws -> [[Literal]] {
                    try OneStep.results(executor, operands) { tensors in
                        let taken = isRounded ? tensors.map { $0.roundedToBFloat16() } : tensors
                        return [taken[0].builder.add(op, taken)]
                    }
                }
                do {
                    guard try result(ExecutorUnderTest.all[1]) != result(ExecutorUnderTest.all[0]) else { continue }
                    wrong.withLock { $0.append("thread \(thread), \(types)") }
                } catch {
                    wrong.withLock { $0.append("thread \(thread), \(types): \(error)") }
                }
            }
        }
        #expect(wrong.withLock(\.self) == [])
    }
}
