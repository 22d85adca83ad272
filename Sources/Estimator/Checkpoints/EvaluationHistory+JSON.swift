import Formats

extension EvaluationHistory {
    /// The member `evaluations` of `state.json`.
    var json: JSON {
        [
            "count": JSON(count), "wait": JSON(wait), "best": .optional(best, Self.json),
            "stopped_at": .optional(stoppedAt) { JSON($0) }, "kept": .array(kept.map(Self.json)),
        ]
    }

    /// Reads what ``json`` wrote, where a missing member is as good as none; nil for anything else.
    init?(_ json: JSON) {
        guard json.object != nil, let count = Self.number(json["count"]), let wait = Self.number(json["wait"]) else {
            return nil
        }
        var best: ReportedSeries.Point?
        if let member = json["best"], !member.isNull {
            guard let point = Self.point(member) else { return nil }
            best = point
        }
        var stoppedAt: Int?
        if let member = json["stopped_at"], !member.isNull {
            guard let step = member.int, step >= 0 else { return nil }
            stoppedAt = step
        }
        let members = json["kept"]?.array ?? []
        let kept = members.compactMap(Self.point)
        guard kept.count == members.count else { return nil }
        self.init(count: count, wait: wait, best: best, stoppedAt: stoppedAt, kept: kept)
    }

    private static func json(_ point: ReportedSeries.Point) -> JSON {
        ["step": JSON(point.step), "value": .optional(point.value) { JSON($0) }]
    }

    private static func point(_ json: JSON) -> ReportedSeries.Point? {
        guard let step = json["step"]?.int, step >= 0, let value = json["value"]?.double else { return nil }
        return ReportedSeries.Point(step: step, value: value)
    }

    private static func number(_ json: JSON?) -> Int? {
        guard let json, !json.isNull else { return 0 }
        return json.int.flatMap { $0 >= 0 ? $0 : nil }
    }
}
