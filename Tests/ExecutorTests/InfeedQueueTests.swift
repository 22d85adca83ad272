import Executor
import Graph
import Synchronization
import Testing

struct InfeedQueueTests {
    struct Refusal: Error {}

    private func queue(hosts: Int = 2, capacity: Int = 2) -> InfeedQueue {
        InfeedQueue(
            elementTypes: [TensorType(.uint8, [2]), TensorType(.uint8, .scalar)], replicas: 4, hosts: hosts,
            capacity: capacity)
    }

    private func fill(_ queue: InfeedQueue, host: Int, _ value: UInt8) throws -> Bool {
        try queue.fill(host: host) { buffers in
            for buffer in buffers { for place in buffer.indices { buffer[place] = value } }
            return true
        }
    }

    private func taken(_ queue: InfeedQueue, beforeRelease: () -> Void = {}) throws -> [[UInt8]]? {
        guard case .slot(let slot) = try queue.take() else { return nil }
        defer {
            beforeRelease()
            queue.release()
        }
        return slot.buffers.map { [UInt8]($0) }
    }

    @Test func joinsHostsInRowOrder() throws {
        let queue = queue()
        #expect(try fill(queue, host: 1, 1))
        #expect(try fill(queue, host: 0, 7))
        #expect(try taken(queue) == [[7, 7, 7, 7, 1, 1, 1, 1], [7, 7, 1, 1]])
    }

    @Test func takesAStepWhenAllHostsHaveFilledIt() throws {
        let queue = queue()
        for step in 0..<2 as Range<UInt8> { _ = try fill(queue, host: 0, step) }
        let device = Thread { [self] in try (0..<2).map { _ in try taken(queue) } }
        for step in 0..<2 as Range<UInt8> { _ = try fill(queue, host: 1, step + 10) }
        #expect(try device.join().map { $0?[1] } == [[0, 0, 10, 10], [1, 1, 11, 11]])
    }

    @Test func blocksAHostThatIsAhead() throws {
        let queue = queue(hosts: 1, capacity: 1)
        let released = Atomic(0)
        let host = Thread { [self] in
            try (0..<100 as Range<UInt8>).map { step in
                _ = try fill(queue, host: 0, step)
                // One more than was released may be filled.
                return Int(step) - released.load(ordering: .sequentiallyConsistent)
            }
        }
        for step in 0..<100 as Range<UInt8> {
            let rows = try taken(queue) { released.add(1, ordering: .sequentiallyConsistent) }
            #expect(rows?[1] == [step, step, step, step])
        }
        #expect(try host.join().allSatisfy { $0 <= 0 })
    }

    @Test func endsBehindTheLastWholeStep() throws {
        let queue = queue()
        for host in 0..<2 { _ = try fill(queue, host: host, 5) }
        _ = try fill(queue, host: 0, 6)
        queue.finish(host: 1)
        #expect(try taken(queue) != nil)
        #expect(try taken(queue) == nil)
        #expect(try !fill(queue, host: 1, 9), "a finished host feeds no more")
        #expect(try !queue.fill(host: 0) { _ in false }, "a body without input finishes its host")
    }

    @Test func theEndReachesAWaitingDevice() throws {
        let queue = queue()
        let device = Thread { [self] in try taken(queue) }
        queue.finish(host: 1)
        // The other host may still fail at this step.
        _ = try fill(queue, host: 0, 1)
        #expect(try device.join() == nil)
    }

    @Test func closingWakesBothSides() throws {
        let queue = queue(hosts: 1, capacity: 1)
        _ = try fill(queue, host: 0, 1)
        let host = Thread { [self] in try fill(queue, host: 0, 2) }
        queue.close()
        #expect(try !host.join())
        #expect(try taken(queue) == nil)
    }

    /// What all hosts have filled is taken first; then the fault of the first host that failed at this step, whichever came
    /// first, once the others have come to it.
    @Test(arguments: [[0, 1], [1, 0]]) func faultsAreMetAtTheirStep(order: [Int]) throws {
        struct Named: Error { let host: Int }
        let queue = queue()
        for host in 0..<2 { _ = try fill(queue, host: host, 5) }
        func fails(_ host: Int) {
            for _ in 0..<2 {
                let error = #expect(throws: Named.self) { try queue.fill(host: host) { _ in throw Named(host: host) } }
                #expect(error?.host == host, "a host that has failed goes on failing")
            }
        }
        fails(order[0])
        #expect(try taken(queue) != nil && queue.released == 1)
        let device = Thread { [self] in try taken(queue) }
        fails(order[1])
        let fault = #expect(throws: InfeedFault.self) { try device.join() }
        #expect(fault?.host == 0 && (fault?.cause as? Named)?.host == 0)
    }

    /// A host that has filled the step is not asked for its next one; a fault counts before another host's end.
    @Test func aFaultBesideWholeAndFinishedHosts() throws {
        let queue = InfeedQueue(
            elementTypes: [TensorType(.uint8, .scalar)], replicas: 3, hosts: 3, capacity: 1)
        _ = try fill(queue, host: 0, 1)
        queue.finish(host: 1)
        #expect(throws: Refusal.self) { try queue.fill(host: 2) { _ in throw Refusal() } }
        let fault = #expect(throws: InfeedFault.self) { try taken(queue) }
        #expect(fault?.host == 2)
    }

    @Test func aStopEndsTheWait() throws {
        let queue = queue()
        let isStopped = Condition(false)
        let device = Thread { () -> Bool in
            guard case .stopped = try queue.take(isStopped: { isStopped.withLock(\.self) }) else { return false }
            return true
        }
        isStopped.update { $0 = true }
        queue.wake()
        #expect(try device.join())
    }

    @Test func countsTheTimeThatTheDeviceWaits() throws {
        let queue = queue(hosts: 1)
        _ = try fill(queue, host: 0, 1)
        _ = try taken(queue)
        #expect(queue.deviceWaitNanoseconds == 0, "what is there is not waited for")
        let isAsked = Condition(false)
        let device = Thread { [self] in
            _ = try queue.take(isStopped: {
                isAsked.update { $0 = true }; return false
            })
            queue.release()
            return try taken(queue)
        }
        _ = isAsked.wait { $0 ? true : nil }
        for value in 0..<2 as Range<UInt8> { _ = try fill(queue, host: 0, value) }
        _ = try device.join()
        #expect(queue.deviceWaitNanoseconds > 0)
    }
}
