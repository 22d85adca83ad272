import Executor
import Testing

struct MachineMemoryTests {
    @Test func theMachineHasSome() { #expect(MachineMemory.bytes > 1 << 20) }

    @Test func whatFitsPasses() throws {
        try MachineMemory.expect(room: 0, for: "nothing")
        try MachineMemory.expect(room: MachineMemory.bytes, for: "all of it")
    }

    @Test func whatDoesNotFitIsNamed() {
        guard MachineMemory.bytes < .max else { return }
        let error = #expect(throws: ExecutorError.self) { try MachineMemory.expect(room: .max, for: "the program") }
        #expect(error?.code == .tooLarge)
        #expect(error?.detail.hasPrefix("the program needs \(Int.max >> 20) MiB, and the machine has ") == true)
        #expect(error?.detail.hasSuffix(" MiB: a smaller batch or model needs less") == true)
    }
}
