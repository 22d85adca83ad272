/// An order of calls in which each comes behind those that it needs.
package enum CallOrder {
    /// What came out.
    package enum Result: Equatable {
        /// All that were wanted, each behind what it needs.
        case order([Int])
        /// Some of the calls need each other: a cycle, each needing the next, the last the first.
        case cycle([Int])
    }

    /// The calls that `wanted` need, themselves included; of those that are possible at a time, the first comes first.
    ///
    /// - Parameter needs: of each call, the calls whose results it takes.
    package static func of(_ needs: [[Int]], for wanted: [Int]) -> Result {
        let used = reached(needs, from: wanted)
        var missing = needs.map(\.count)
        var users = [[Int]](repeating: [], count: needs.count)
        for (call, needed) in needs.enumerated() where used[call] {
            for other in needed { users[other].append(call) }
        }
        var order = needs.indices.filter { used[$0] && missing[$0] == 0 }
        var next = 0
        while next < order.count {
            for user in users[order[next]] {
                missing[user] -= 1
                if missing[user] == 0 { order.append(user) }
            }
            next += 1
        }
        guard let stuck = needs.indices.first(where: { used[$0] && missing[$0] > 0 }) else { return .order(order) }
        return .cycle(cycle(needs, missing, from: stuck))
    }

    private static func reached(_ needs: [[Int]], from wanted: [Int]) -> [Bool] {
        var isReached = [Bool](repeating: false, count: needs.count)
        var open = wanted
        while let call = open.popLast() {
            if isReached[call] { continue }
            isReached[call] = true
            open += needs[call]
        }
        return isReached
    }

    /// From a call that can't be made there is always a need that can't be made either; once one comes again, there is a
    /// cycle.
    private static func cycle(_ needs: [[Int]], _ missing: [Int], from start: Int) -> [Int] {
        var path: [Int] = []
        var place: [Int: Int] = [:]
        var call = start
        while place[call] == nil {
            place[call] = path.count
            path.append(call)
            guard let next = needs[call].first(where: { missing[$0] > 0 }) else { return path }
            call = next
        }
        return Array(path[(place[call] ?? 0)...])
    }
}
