import API
import Jobs

/// What the full-screen view knows and what it is at. Keys and news change it; what has to be done about them is returned.
struct TopModel {
    /// What a key is for.
    enum Mode: Equatable {
        case list
        /// A filter is being typed.
        case filter
        /// One job is looked at.
        case job(JobID)
        /// Whether a job is to be cancelled is asked.
        case confirm(JobID)
        case help
    }

    /// How jobs are ordered.
    enum Order: String, CaseIterable {
        case state, age, name, owner, progress, loss, speed
    }

    /// What has to be done.
    enum Action: Equatable {
        case none
        case quit
        case suspend
        /// Another job is looked at, or none.
        case open(JobID?)
        case cancel(JobID)
    }

    /// What is known of the job that is looked at.
    struct Detail {
        var id: JobID
        var loss: [(step: Int, value: Double?)]
        var log: [String]
    }

    private(set) var mode = Mode.list
    private(set) var order = Order.state
    private(set) var isReversed = false
    private(set) var filter = ""
    private(set) var selected: JobID?
    /// The first job of the list that is shown.
    private(set) var first = 0
    private(set) var jobs: [JobView] = []
    private(set) var topology: TopologyView?
    private(set) var detail: Detail?
    /// What is said in the last line in place of the keys.
    private(set) var message: String?

    // MARK: News

    /// The jobs and the pod as they are now.
    mutating func take(_ jobs: [JobView], _ topology: TopologyView, _ detail: Detail?) {
        self.jobs = jobs
        self.topology = topology
        // What belongs to a job that was looked at before comes late.
        if let detail, detail.id == openJob { self.detail = detail }
        if selected.map({ id in !jobs.contains { $0.id == id } }) ?? true { selected = visible.first?.id }
    }

    /// Something is to be said; nil: nothing any more.
    mutating func say(_ message: String?) { self.message = message }

    /// The job that is looked at.
    var openJob: JobID? {
        switch mode {
        case .job(let id): id
        case .confirm(let id): detail?.id == id ? id : nil
        case .list, .filter, .help: nil
        }
    }

    func job(_ id: JobID) -> JobView? { jobs.first { $0.id == id } }

    // MARK: Keys

    /// Does what a key asks for.
    /// - Parameter page: How many jobs are shown at once.
    mutating func press(_ key: Key, page: Int) -> Action {
        if key == .interrupt { return .quit }
        if key == .suspend { return .suspend }
        switch mode {
        case .list: return pressInList(key, page)
        case .filter: return pressInFilter(key)
        case .job(let id): return press(key, in: id)
        case .confirm(let id): return answer(key, id)
        case .help:
            mode = .list
            return .none
        }
    }

    private mutating func pressInList(_ key: Key, _ page: Int) -> Action {
        switch key {
        case .up, .text("k"): move(by: -1)
        case .down, .text("j"): move(by: 1)
        case .pageUp: move(by: -max(1, page))
        case .pageDown, .text(" "): move(by: max(1, page))
        case .home, .text("g"): move(by: -jobs.count)
        case .end, .text("G"): move(by: jobs.count)
        case .text("s"), .text(">"): turn(by: 1)
        case .text("<"): turn(by: Order.allCases.count - 1)
        case .text("r"):
            isReversed.toggle()
            selected = visible.first?.id
        case .text("/"): mode = .filter
        case .text("h"), .text("?"): mode = .help
        case .text("c"): ask(selected)
        case .enter:
            guard let selected else { return .none }
            mode = .job(selected)
            detail = nil
            return .open(selected)
        case .escape: filter = ""
        case .text("q"): return .quit
        default: break
        }
        return .none
    }

    private mutating func pressInFilter(_ key: Key) -> Action {
        switch key {
        case .text(let character): if filter.count < 60 { filter.append(character) }
        case .backspace: if !filter.isEmpty { filter.removeLast() }
        case .escape:
            filter = ""
            mode = .list
        case .enter: mode = .list
        default: break
        }
        let visible = visible
        if !visible.contains(where: { $0.id == selected }) { selected = visible.first?.id }
        return .none
    }

    private mutating func press(_ key: Key, in id: JobID) -> Action {
        switch key {
        case .escape, .backspace, .text("q"):
            mode = .list
            detail = nil
            return .open(nil)
        case .text("c"): ask(id)
        default: break
        }
        return .none
    }

    /// Asks before a job is cancelled; one that has ended is not.
    private mutating func ask(_ id: JobID?) {
        guard let id, let job = job(id) else { return }
        if job.state.isFinal { message = "\(job.name) has ended: \(job.state.rawValue)" } else { mode = .confirm(id) }
    }

    private mutating func answer(_ key: Key, _ id: JobID) -> Action {
        mode = openJob.map { .job($0) } ?? .list
        return key == .text("y") ? .cancel(id) : .none
    }

    private mutating func move(by count: Int) {
        let visible = visible
        guard !visible.isEmpty else { return }
        let index = visible.firstIndex { $0.id == selected } ?? 0
        selected = visible[min(visible.count - 1, max(0, index + count))].id
    }

    private mutating func turn(by count: Int) {
        let all = Order.allCases
        let index = all.firstIndex(of: order) ?? 0
        order = all[(index + count) % all.count]
        // What comes first is what was asked for.
        selected = visible.first?.id
    }

    // MARK: The list

    /// Moves the part of the list that is shown so that the selected job is in it.
    mutating func scroll(page: Int) {
        let visible = visible
        guard page > 0, let index = visible.firstIndex(where: { $0.id == selected }) else {
            first = 0
            return
        }
        first = min(max(first, index - page + 1), index)
        first = max(0, min(first, visible.count - page))
    }

    /// The jobs that the filter lets through, in their order.
    var visible: [JobView] {
        let word = filter.lowercased()
        let found = jobs.filter { word.isEmpty || Self.words($0).contains { $0.lowercased().contains(word) } }
        let sorted = found.sorted { one, other in
            let (left, right) = (key(one), key(other))
            return left == right ? one.id > other.id : left < right
        }
        return isReversed ? sorted.reversed() : sorted
    }

    private static func words(_ job: JobView) -> [String] {
        [job.name, job.owner, job.state.rawValue, job.id.description] + job.labels.map { "\($0.key)=\($0.value)" }
    }

    /// What a job is ordered by; the numbers of a kind are compared before the texts.
    private func key(_ job: JobView) -> SortKey {
        switch order {
        case .state: SortKey(Double(Self.rank(job.state)))
        case .age: SortKey(-job.createdAt.seconds)
        case .name: SortKey(0, job.name)
        case .owner: SortKey(0, job.owner)
        case .progress: SortKey(-(Self.part(job) ?? -1))
        case .loss: SortKey(job.progress?.loss ?? .infinity)
        case .speed: SortKey(-(job.progress?.examplesPerSecond ?? -1))
        }
    }

    private struct SortKey: Comparable {
        let number: Double
        let text: String

        init(_ number: Double, _ text: String = "") {
            self.number = number.isNaN ? .infinity : number
            self.text = text
        }

        static func < (one: SortKey, other: SortKey) -> Bool {
            (one.number, one.text) < (other.number, other.text)
        }
    }

    /// What runs comes first, then what waits, then what has ended.
    private static func rank(_ state: JobState) -> Int {
        let order: [JobState] = [
            .running, .starting, .stopping, .retryWait, .queued, .paused, .failed, .timedOut, .expired, .cancelled,
            .succeeded,
        ]
        return order.firstIndex(of: state) ?? order.count
    }

    /// How much of a job is done, from 0 to 1.
    private static func part(_ job: JobView) -> Double? {
        guard let progress = job.progress, let target = progress.targetStep, target > 0 else { return nil }
        return Double(progress.globalStep) / Double(target)
    }
}
