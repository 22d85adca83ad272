package import Formats

/// Where the time of some steps went: what the device, the hosts' threads and the writer of checkpoints did, and when.
package struct RunProfile: Sendable, Equatable {
    /// Who does something.
    package enum Track: Sendable, Hashable {
        /// The thread that trains: loops, hooks, evaluations, copies for checkpoints.
        case loop
        /// The device.
        case device
        /// A host's feeding thread.
        case infeed(host: Int)
        /// The thread that fetches what an evaluation's cores hand out.
        case outfeed
        /// The thread that writes checkpoints.
        case checkpoint
    }

    /// Something that took some time.
    package struct Span: Sendable, Equatable {
        /// Who did it.
        package var track: Track
        /// What it was.
        package var name: String
        /// When it began and ended, in nanoseconds since the profile did.
        package var nanoseconds: Range<UInt64>

        /// Something that took some time.
        package init(track: Track, name: String, nanoseconds: Range<UInt64>) {
            self.track = track
            self.name = name
            self.nanoseconds = nanoseconds
        }
    }

    /// The first step that was traced, counted from 1 as global steps are.
    package var firstStep: Int
    /// The last one.
    package var lastStep: Int
    /// Nanoseconds from the first step's begin to the last one's end.
    package var nanoseconds: UInt64
    /// What was done, in the order in which it began; of what lay within another thing behind it.
    package var spans: [Span]
    /// How many things more there were than are kept.
    package var dropped: Int

    /// A profile of its members.
    package init(firstStep: Int, lastStep: Int, nanoseconds: UInt64, spans: [Span], dropped: Int) {
        self.firstStep = firstStep
        self.lastStep = lastStep
        self.nanoseconds = nanoseconds
        self.spans = spans
        self.dropped = dropped
    }

    /// The trace in Chrome's format (the JSON object of its trace events): a track for each thread, times in microseconds.
    ///
    /// - Parameter process: what the tracks together are called.
    package func chromeTrace(process: String) -> JSON {
        let tracks = Set(spans.map(\.track)).union([.loop, .device]).sorted { $0.place < $1.place }
        var events: [JSON] = [Self.named("process_name", 0, ["name": .string(process)])]
        for track in tracks {
            events.append(Self.named("thread_name", track.place, ["name": .string(track.name)]))
            events.append(Self.named("thread_sort_index", track.place, ["sort_index": JSON(track.place)]))
        }
        for span in spans {
            events.append([
                "name": .string(span.name), "cat": .string(span.track.category), "ph": "X", "pid": 1,
                "tid": JSON(span.track.place), "ts": JSON(Double(span.nanoseconds.lowerBound) / 1000),
                "dur": JSON(Double(span.nanoseconds.upperBound - span.nanoseconds.lowerBound) / 1000),
            ])
        }
        return [
            "traceEvents": .array(events), "displayTimeUnit": "ms",
            "otherData": [
                "first_step": JSON(firstStep), "last_step": JSON(lastStep), "seconds": JSON(Double(nanoseconds) / 1e9),
                "dropped": JSON(dropped),
            ],
        ]
    }

    private static func named(_ name: String, _ track: Int, _ arguments: JSON) -> JSON {
        ["name": .string(name), "ph": "M", "pid": 1, "tid": JSON(track), "args": arguments]
    }
}

extension RunProfile.Track {
    /// The thread's number in a trace, by which tracks are ordered.
    fileprivate var place: Int {
        switch self {
        case .loop: 1
        case .device: 2
        case .outfeed: 3
        case .checkpoint: 4
        case .infeed(let host): 5 + host
        }
    }

    /// What the track is called.
    package var name: String {
        switch self {
        case .loop: "training loop"
        case .device: "device"
        case .infeed(let host): "infeed of host \(host)"
        case .outfeed: "outfeed"
        case .checkpoint: "checkpoint"
        }
    }

    fileprivate var category: String {
        switch self {
        case .loop: "loop"
        case .device: "device"
        case .infeed: "infeed"
        case .outfeed: "outfeed"
        case .checkpoint: "checkpoint"
        }
    }
}
