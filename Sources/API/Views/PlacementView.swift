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
            "slice": Schema.nullable(Schema.string).means(
                "The topology of the job's part of the pod, as 2x4; null where it holds no cores"),
            "hosts": Schema.list(
                of: Schema.object([
                    "host": Schema.integer(0...).means("The host's number in the pod"),
                    "cores": Schema.list(of: Schema.integer(0...)).means("Numbers of its cores"),
                ])
            ).means("The hosts, each with its cores"),
            "devices": Schema.list(of: Schema.string).means(
                "The job's own names of its cores, as TensorFlow writes them"),
        ])
    }
}
