package import Formats
package import Jobs

/// The pod, its hosts and cores, and who holds them (`GET /v1/topology`).
package struct TopologyView: WireValue, Hashable {
    /// One host.
    package struct Host: WireValue, Hashable {
        /// Its number.
        package var host: Int
        /// Its state.
        package var state: HostState
        /// Its cores in order; each the job that holds it, or nil.
        package var cores: [JobID?]

        /// Makes a host.
        package init(host: Int, state: HostState, cores: [JobID?]) {
            self.host = host
            self.state = state
            self.cores = cores
        }

        /// Reads the JSON form.
        package init(wire: WireReader) throws(APIError) {
            host = try wire.required("host").int()
            state = try wire.required("state").choice()
            cores = []
            for core in try wire.required("cores").elements() { cores.append(try core.optional("job_id")?.jobID()) }
        }

        /// The JSON form.
        package var wire: JSON {
            [
                "host": JSON(host), "state": .string(state.rawValue),
                "cores": .array(
                    cores.enumerated().map { core, id in
                        ["core": JSON(core), "job_id": .optional(id) { .string($0.description) }]
                    }),
            ]
        }

        /// The schema of the JSON form.
        package static var schema: JSON {
            Schema.object([
                "host": Schema.integer(0...).means("Its number, from 0"),
                "state": Schema.words(of: HostState.self).means("Whether jobs can run there"),
                "cores": Schema.list(
                    of: Schema.object([
                        "core": Schema.integer(0...).means("Its number on the host, from 0"),
                        "job_id": Schema.nullable(Schema.string).means("The job that holds it; null where none does"),
                    ])
                ).means("Its cores"),
            ])
        }
    }

    /// The pod's name.
    package var pod: String
    /// Its hosts in order.
    package var hosts: [Host]

    /// Makes a topology.
    package init(pod: String, hosts: [Host]) {
        self.pod = pod
        self.hosts = hosts
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(pod: try wire.required("pod").string(), hosts: try wire.required("hosts").list())
    }

    /// The JSON form.
    package var wire: JSON { ["pod": .string(pod), "hosts": .array(hosts.map(\.wire))] }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "pod": Schema.string.means("The pod's type, as v3-32: generation and TensorCores"),
            "hosts": Schema.list(of: Host.schema).means("Its hosts"),
        ])
    }
}

/// One job that waits (an element of the queue).
package struct QueuedJobView: WireValue, Hashable {
    /// The job.
    package var id: JobID
    /// Its priority.
    package var priority: Int
    /// Why it waits, and its place.
    package var pending: PendingView

    /// Makes the view.
    package init(id: JobID, priority: Int, pending: PendingView) {
        self.id = id
        self.priority = priority
        self.pending = pending
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            id: try wire.required("id").jobID(), priority: try wire.required("priority").int(),
            pending: try PendingView(wire: wire.required("pending")))
    }

    /// The JSON form.
    package var wire: JSON {
        ["id": .string(id.description), "priority": JSON(priority), "pending": pending.wire]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "id": Schema.string.means("The job"),
            "priority": Schema.integer(JobRequest.Limits.priority).means("Larger goes first"),
            "pending": PendingView.schema.means("Why it waits, and its position"),
        ])
    }
}
