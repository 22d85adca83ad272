import Formats
import Jobs
import OrderedCollections

extension CheckReport {
    /// The frame and what follows it, to be sent one after the other.
    package var pieces: [[UInt8]] {
        var frame: JSON = ["frame": .string(name), "number": JSON(number), "peak_bytes": JSON(peakBytes)]
        switch finding {
        case .passed(let passed):
            frame["service"] = passed.service
            frame["mode"] = .string(passed.mode.rawValue)
            frame["shards"] = .optional(passed.shards) { JSON($0) }
            frame["device_job"] = .string(passed.deviceJob)
            frame["keep_checkpoint_max"] = .optional(passed.keepCheckpointMax) { JSON($0) }
            frame["files"] = .optional(passed.files) { files in
                .object(OrderedDictionary(uniqueKeysWithValues: files.map { ($0, .string($1.text)) }))
            }
            frame["has_plan"] = JSON(passed.plan != nil)
            let texts = [passed.specification] + (passed.plan.map { [$0] } ?? [])
            return FrameCodec.joined([FrameCodec.encode(frame)] + texts.flatMap { [FrameCodec.prefix($0.count), $0] })
        case .faulty(let faulty):
            frame["faults"] = .array(
                faulty.faults.map { fault in
                    [
                        "pointer": .string(fault.pointer.description), "detail": .string(fault.detail),
                        "code": .optional(fault.code) { .string($0) },
                    ]
                })
            frame["more"] = JSON(faulty.more)
            frame["shards"] = .optional(faulty.shards) { JSON($0) }
        case .unreadable(let unreadable):
            frame["status"] = JSON(unreadable.status)
            frame["code"] = .optional(unreadable.code) { .string($0) }
            frame["detail"] = .string(unreadable.detail)
        }
        return [FrameCodec.encode(frame)]
    }

    private var name: String {
        switch finding {
        case .passed: "passed"
        case .faulty: "faulty"
        case .unreadable: "unreadable"
        }
    }
}

/// What a check process reports, as the daemon reads it.
package struct CheckReportReader: FrameReader {
    private struct Unfinished {
        var report: CheckReport
        var passed: PassedCheck
        var hasPlan: Bool
        var hasSpecification = false
    }

    private var decoder: FrameDecoder
    private var unfinished: Unfinished?

    /// - Parameter limit: Bytes of the longest frame or text.
    package init(limit: Int) { decoder = FrameDecoder(limit: limit) }

    package mutating func append(_ bytes: ArraySlice<UInt8>) { decoder.append(bytes) }

    package mutating func next() throws(FrameError) -> CheckReport? {
        if unfinished == nil, let json = try decoder.next() {
            var fields = try FrameFields(json)
            var report = CheckReport(
                number: try fields.count("number"), peakBytes: try fields.count("peak_bytes"),
                finding: .unreadable(UnreadableCheck(status: 400, code: nil, detail: "")))
            if fields.frame == "passed" {
                let passed = try Self.passed(&fields)
                unfinished = Unfinished(report: report, passed: passed, hasPlan: try fields.bool("has_plan"))
                try fields.finish()
            } else {
                report.finding = try Self.refusal(&fields)
                try fields.finish()
                return report
            }
        }
        return try finished()
    }

    /// The report whose texts have come.
    private mutating func finished() throws(FrameError) -> CheckReport? {
        guard var waiting = unfinished else { return nil }
        if !waiting.hasSpecification {
            guard let text = try decoder.nextPiece() else { return nil }
            waiting.passed.specification = text
            waiting.hasSpecification = true
            unfinished = waiting
        }
        if waiting.hasPlan {
            guard let text = try decoder.nextPiece() else { return nil }
            waiting.passed.plan = text
        }
        unfinished = nil
        waiting.report.finding = .passed(waiting.passed)
        return waiting.report
    }

    private static func passed(_ fields: inout FrameFields) throws(FrameError) -> PassedCheck {
        PassedCheck(
            service: try fields.json("service"),
            mode: try fields.required("mode", "mode") { $0.string.flatMap(JobMode.init(rawValue:)) },
            shards: try fields.optionalCount("shards"), deviceJob: try fields.string("device_job"),
            keepCheckpointMax: try fields.optionalCount("keep_checkpoint_max"), specification: [], plan: nil,
            files: try fields.optional("files", "object of file stamps", Self.stamps))
    }

    private static func stamps(_ value: JSON) -> [String: FileStamp]? {
        guard let object = value.object else { return nil }
        var stamps: [String: FileStamp] = [:]
        for (path, text) in object {
            guard let stamp = text.string.flatMap({ FileStamp(text: $0) }) else { return nil }
            stamps[path] = stamp
        }
        return stamps
    }

    private static func refusal(_ fields: inout FrameFields) throws(FrameError) -> CheckReport.Finding {
        switch fields.frame {
        case "faulty":
            var faults: [SpecError] = []
            for fault in try fields.list("faults", "object", { $0 }) {
                var inner = try FrameFields(frame: "faulty", inner: fault, name: "faults")
                faults.append(
                    SpecError(
                        try inner.required("pointer", "JSON pointer") { $0.string.flatMap { JSONPointer($0) } },
                        try inner.string("detail"), code: try inner.optional("code", "string", \.string)))
                try inner.finish()
            }
            guard !faults.isEmpty else { throw .field(frame: "faulty", name: "faults", detail: "is empty") }
            return .faulty(
                FaultyCheck(
                    faults: faults, more: try fields.count("more"), shards: try fields.optionalCount("shards")))
        case "unreadable":
            let status = try fields.count("status")
            guard (400...499).contains(status) else {
                throw .field(frame: "unreadable", name: "status", detail: "is not from 400 to 499")
            }
            return .unreadable(
                UnreadableCheck(
                    status: status, code: try fields.optional("code", "string", \.string),
                    detail: try fields.string("detail")))
        default: throw .unknownFrame(fields.frame)
        }
    }
}
