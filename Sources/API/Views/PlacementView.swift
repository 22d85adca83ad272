package import Formats
package import Jobs

/// The cores that a job holds (`placement`).
package struct PlacementView: WireValue, Hashable {
    /// The slice's name; nil for a job that holds no cores.
    package var slice: String?
    /// The pod's hosts and cores.
    package var hosts: [Placement.Host]
    /// The job's own logical device names.
    package var devices: [String]

    /// Makes the view of a placement.
    ///
    /// - Parameter jobName: The name between `/job:` and `/task:` of the devices.
    package init(_ placement: Placement, jobName: String) {
        slice = placement.slice?.name
        hosts = placement.hosts
        devices = placement.devices(jobName: jobName)
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        slice = try wire.optional("slice")?.string()
        hosts = []
        for host in try wire.required("hosts").elements() {
            var cores: [Int] = []
            for core in try host.required("cores").elements() { cores.append(try core.int()) }
            hosts.append(Placement.Host(host: try host.required("host").int(), cores: cores))
        }
        devices = []
        for device in try wire.required("devices").elements() { devices.append(try device.string()) }
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "slice": .optional(slice, JSON.string),
            "hosts": .array(hosts.map { ["host": JSON($0.host), "cores": JSON($0.cores)] }),
            "devices": JSON(devices),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "slice": Schema.nullable(Schema.string),
            "hosts": Schema.list(
                of: Schema.object(["host": Schema.integer, "cores": Schema.list(of: Schema.integer)])),
            "devices": Schema.list(of: Schema.string),
        ])
    }
}

/// Why a job waits and its place in the queue (`pending`).
package struct PendingView: WireValue, Hashable {
    /// Why.
    package var reason: PendingReason
    /// Its place in the queue, from 1.
    package var position: Int
    /// The jobs that hold what it needs, or that are before it.
    package var blocking: [JobID]
    /// Before this it can't start; nil when that is not known.
    package var earliestStart: Timestamp?

    /// Makes an explanation.
    package init(reason: PendingReason, position: Int, blocking: [JobID] = [], earliestStart: Timestamp? = nil) {
        self.reason = reason
        self.position = position
        self.blocking = blocking
        self.earliestStart = earliestStart
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        reason = try wire.required("reason").choice()
        position = try wire.required("position").int()
        blocking = []
        for id in try wire.required("blocking").elements() { blocking.append(try id.jobID()) }
        earliestStart = try wire.optional("earliest_start")?.timestamp()
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "reason": .string(reason.rawValue), "position": JSON(position),
            "blocking": JSON(blocking.map(\.description)),
            "earliest_start": .optional(earliestStart) { .string($0.rfc3339) },
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "reason": Schema.words(of: PendingReason.self), "position": Schema.integer,
            "blocking": Schema.list(of: Schema.string), "earliest_start": Schema.nullable(Schema.timestamp),
        ])
    }
}
