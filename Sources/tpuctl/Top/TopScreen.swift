import API
import Jobs

/// What the full-screen view shows: lines, as many and as wide as the terminal has.
struct TopScreen {
    /// How a line looks.
    enum Style { case plain, bold, selected, dim }

    let columns: Int
    let rows: Int
    /// The daemon's address.
    let server: String
    /// This machine's time.
    let now: Timestamp

    /// Hosts that are shown at most.
    private static let mostHosts = 4
    /// A terminal of fewer lines shows no hosts.
    private static let rowsForHosts = 12

    /// How many jobs a list has room for.
    func page(_ model: TopModel) -> Int { max(0, rows - 3 - hosts(model).count) }

    /// The lines, each no wider than the terminal.
    func lines(_ model: TopModel) -> [(text: String, style: Style)] {
        var lines: [(text: String, style: Style)] = [(head(model), .bold)]
        switch model.mode {
        case .help: lines += Self.help.map { ($0, .plain) }
        case .list, .filter: lines += list(model)
        case .job(let id): lines += job(id, model)
        case .confirm(let id): lines += model.openJob == nil ? list(model) : job(id, model)
        }
        let body = lines.prefix(max(0, rows - 1))
        let empty = Array(repeating: (text: "", style: Style.plain), count: max(0, rows - 1 - body.count))
        return (body + empty + [(foot(model), .dim)]).prefix(rows).map { (CellText.cut($0.text, columns), $0.style) }
    }

    private func head(_ model: TopModel) -> String {
        let running = model.jobs.count { $0.state.holdsResources }
        let waiting = model.jobs.count { !$0.state.isFinal && !$0.state.holdsResources }
        var parts = ["tpud \(server)"]
        if let topology = model.topology {
            let cores = topology.hosts.flatMap(\.cores)
            parts.append("pod \(topology.pod)")
            parts.append("\(cores.count { $0 != nil }) of \(cores.count) cores")
        }
        parts.append("\(running) running, \(waiting) waiting")
        return parts.joined(separator: "  ")
    }

    private func foot(_ model: TopModel) -> String {
        switch model.mode {
        case .filter: "filter: \(model.filter)_"
        case .confirm(let id): "cancel \(model.job(id)?.name ?? id.description)? y: yes, any other key: no"
        case .help: "any key: back"
        case .job: model.message ?? "esc back  c cancel  ^C quit"
        case .list: model.message ?? (model.filter.isEmpty ? "" : "filter: \(model.filter)  esc all  ") + Self.keys
        }
    }

    private static let keys = "↑↓ select  enter open  c cancel  s sort  r reverse  / filter  h help  q quit"

    private static let help = [
        "", "↑ ↓ j k         select a job", "page up, down   go a page on", "g G             first, last",
        "enter           look at the job: its loss and its log", "c               cancel it, after a question",
        "s < >           order by state, age, name, owner, progress, loss, speed", "r               reverse the order",
        "/               show what has these letters in name, owner, state, id or labels; esc: all",
        "^Z              suspend", "q ^C            quit",
    ]

    // MARK: The list

    private func list(_ model: TopModel) -> [(text: String, style: Style)] {
        var lines = hosts(model).map { (text: $0, style: Style.plain) }
        let heading = Self.names.map { $0.order == model.order ? $0.name + (model.isReversed ? "▲" : "▼") : $0.name }
        lines.append((row(heading), .bold))
        let all = model.visible
        for job in all.dropFirst(model.first).prefix(page(model)) {
            lines.append((row(cells(job)), job.id == model.selected ? .selected : .plain))
        }
        if all.isEmpty { lines.append((model.jobs.isEmpty ? "no jobs" : "no job has these letters", .dim)) }
        return lines
    }

    /// The columns, and what orders the jobs by each.
    private static let names: [(name: String, order: TopModel.Order)] = [
        ("NAME", .name), ("STATE", .state), ("STEP", .progress), ("LOSS", .loss), ("EX/S", .speed), ("OWNER", .owner),
        ("AGE", .age),
    ]

    /// Cells side by side; the name has what the others leave.
    private func row(_ cells: [String]) -> String {
        let widths = [10, 14, 8, 9, 9, 4]
        let name = max(8, min(60, columns - widths.reduce(0) { $0 + $1 + 1 }))
        return zip(cells, [name] + widths).map { CellText.fit($0, $1) }.joined(separator: " ")
    }

    private func cells(_ job: JobView) -> [String] {
        let progress = job.progress
        let step = progress.map { each in each.targetStep.map { "\(each.globalStep)/\($0)" } ?? "\(each.globalStep)" }
        return [
            job.name, job.state.rawValue, step ?? "-", Numbers.general(progress?.loss),
            job.state.isFinal ? "-" : progress?.examplesPerSecond.map { Numbers.general($0) } ?? "-", job.owner,
            Self.age(now.seconds(since: job.createdAt)),
        ]
    }

    /// `5s`, `3m`, `2h`, `9d`
    private static func age(_ seconds: Double) -> String {
        let whole = Numbers.whole(seconds)
        return switch whole {
        case ..<60: "\(whole)s"
        case ..<3600: "\(whole / 60)m"
        case ..<86_400: "\(whole / 3600)h"
        default: "\(min(999, whole / 86_400))d"
        }
    }

    // MARK: The pod

    /// A line a host: a letter for each core by the job that holds it, and whose letters these are.
    private func hosts(_ model: TopModel) -> [String] {
        guard rows >= Self.rowsForHosts, let topology = model.topology else { return [] }
        let shown = topology.hosts.prefix(Self.mostHosts)
        var letters: [JobID: Character] = [:]
        var lines = shown.map { host in
            var news: [String] = []
            let cores = host.cores.map { id -> Character in
                guard let id else { return "." }
                if let letter = letters[id] { return letter }
                let letter = Self.letter(letters.count)
                letters[id] = letter
                news.append("\(letter) \(model.job(id)?.name ?? id.description)")
                return letter
            }
            let name = CellText.fit("host \(host.host) \(host.state.rawValue)", 17)
            return "\(name) [\(String(cores))]  \(news.joined(separator: "  "))"
        }
        let rest = topology.hosts.count - shown.count
        if rest > 0 {
            let free = topology.hosts.dropFirst(Self.mostHosts).flatMap(\.cores).count { $0 == nil }
            lines.append("and \(rest) more hosts with \(free) free cores")
        }
        return lines
    }

    private static func letter(_ index: Int) -> Character {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return letters[index % letters.count]
    }

    // MARK: One job

    private func job(_ id: JobID, _ model: TopModel) -> [(text: String, style: Style)] {
        guard let job = model.job(id) else { return [("job \(id) is not there any more", .plain)] }
        var lines: [(text: String, style: Style)] = [
            ("\(job.name)  \(id)  of \(job.owner)", .bold), (ProgressLine(job: job).drawn(columns: columns), .plain),
        ]
        if let error = job.error { lines.append(("\(error.code): \(error.message)", .plain)) }
        let room = rows - 1 - lines.count - 1
        if let detail = model.detail, room >= 8 {
            let height = min(10, room / 2 - 2)
            if !detail.loss.isEmpty {
                let chart = BrailleChart(title: "loss", points: detail.loss).drawn(columns: columns, lines: height)
                lines += chart.split(separator: "\n").map { (String($0), .plain) }
            }
        }
        let left = max(0, rows - 2 - lines.count)
        return lines + (model.detail?.log ?? []).suffix(left).map { ($0, .dim) }
    }
}
