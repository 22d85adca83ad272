import Executor
import Graph
import Testing

struct OutfeedQueueTests {
    struct Refusal: Error {}

    private func queue(capacity: Int = 2) -> OutfeedQueue {
        OutfeedQueue(
            names: ["a", "b"], types: [TensorType(.uint8, [2, 1]), TensorType(.uint8, .scalar)], replicas: 2,
            capacity: capacity)
    }

    private func publish(_ value: UInt8, to queue: OutfeedQueue) throws -> Bool {
        guard try queue.waitForRoom() else { return false }
        for buffer in queue.nextSlot { for place in buffer.indices { buffer[place] = value } }
        queue.publish()
        return true
    }

    @Test func concatenatesCores() throws {
        let queue = queue()
        #expect(try publish(3, to: queue))
        let values = try #require(try queue.dequeue())
        #expect(values.map(\.name) == ["a", "b"])
        #expect(values.map(\.type) == [TensorType(.uint8, [4, 1]), TensorType(.uint8, [2])])
        #expect(values.map(\.bytes) == [[3, 3, 3, 3], [3, 3]])
    }

    @Test func keepsOrderUnderBackPressure() throws {
        let queue = queue(capacity: 1)
        let device = Thread { [self] in
            let sent = try (0..<100).map { try publish($0, to: queue) }
            queue.close()
            return sent
        }
        for step in 0..<100 as Range<UInt8> { #expect(try queue.dequeue()?[1].bytes == [step, step]) }
        #expect(try queue.dequeue() == nil)
        #expect(try device.join().allSatisfy(\.self))
    }

    @Test func givesWhatWaitsBeforeTheEnd() throws {
        let queue = queue()
        _ = try publish(1, to: queue)
        queue.close()
        #expect(try queue.dequeue() != nil)
        #expect(try queue.dequeue() == nil)
        #expect(try !publish(2, to: queue))
    }

    @Test func errorsReachBothSides() throws {
        let queue = queue()
        let fetcher = Thread { try queue.dequeue()?.count }
        queue.close(error: Refusal())
        #expect(throws: Refusal.self) { try fetcher.join() }
        #expect(throws: Refusal.self) { try publish(1, to: queue) }
    }

    @Test func aStopEndsTheWaitForRoom() throws {
        let queue = queue(capacity: 1)
        _ = try publish(1, to: queue)
        let isStopped = Condition(false)
        let device = Thread { try queue.waitForRoom(isStopped: { isStopped.withLock(\.self) }) }
        isStopped.update { $0 = true }
        queue.wake()
        #expect(try !device.join())
    }
}
