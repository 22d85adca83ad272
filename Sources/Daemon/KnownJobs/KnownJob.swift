import API
import Formats
package import HTTP
import HTTPTypes
package import Store
import Synchronization

/// A job as it was read, and what was made of it last: it never changes but for what is shown beside it.
package final class KnownJob: Sendable {
    private struct Shown {
        let moment: JobMoment
        let text: [UInt8]
        var answer: Response?
    }

    /// The job, without its specification.
    package let record: JobRecord
    private let spec: [UInt8]?
    private let shown = Mutex<Shown?>(nil)

    /// - Parameter record: The job; with its specification where ``answer(at:)`` will be asked for.
    package init(_ record: JobRecord) {
        spec = record.spec.map { Array($0.utf8) }
        var record = record
        record.spec = nil
        self.record = record
    }

    /// Whether it was read with its specification.
    package var hasSpec: Bool { spec != nil }

    /// The text of its resource without the specification, as lists have it.
    package func text(at moment: JobMoment) -> [UInt8] { shown.withLock { show(moment, in: &$0).text } }

    /// The answer of 200 that shows it; nil where it was read without its specification.
    package func answer(at moment: JobMoment) -> Response? {
        guard let spec else { return nil }
        return shown.withLock { shown in
            let now = show(moment, in: &shown)
            if let answer = now.answer { return answer }
            var answer = Response.json(JobView.text(now.text, withSpec: spec) + [10])
            answer.fields[.eTag] = EntityTag.of(version: record.version)
            answer.fields[.cacheControl] = CacheControl.asks.rawValue
            shown?.answer = answer
            return answer
        }
    }

    /// What was made of it last, if that shows this moment; else what is made now.
    private func show(_ moment: JobMoment, in shown: inout Shown?) -> Shown {
        if let shown, shown.moment == moment { return shown }
        let view = JobView(record, pending: moment.pending, running: moment.progress)
        let now = Shown(moment: moment, text: view.wire.serialized())
        shown = now
        return now
    }

    /// About how many bytes of memory it takes: its text, its answer, and its record, which is not larger than the text.
    package var cost: Int {
        let text = shown.withLock { $0?.text.count ?? 0 }
        let spec = spec?.count ?? 0
        return 1_024 + 3 * text + 2 * spec
    }
}
