import Jobs
import Store

/// Deliveries that tests plan and send.
enum SampleDelivery {
    static func make(_ number: Int, origin: String = "https://h", url: String? = nil) -> DeliveryRecord {
        let event = EventRecord(
            seq: number, job: JobID(milliseconds: 1_700_000_000_000, random: (0, 7)), type: "STATE",
            at: Timestamp(seconds: 1_700_000_000), from: .running, to: .succeeded, attempt: 1, data: "{\"a\":1}")
        return DeliveryRecord(
            number: number, id: "msg_\(number)", jobName: "digits", owner: "alice", url: url ?? origin, origin: origin,
            event: event, dueAt: event.at)
    }
}
