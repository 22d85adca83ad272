import Synchronization

/// The values of a session's host variables. Threads may use it at once.
public final class SessionVariables: Sendable {
    private let values = Mutex<[HostVariable: Int64]>([:])
    private let tracer: EventTracer

    /// Variables without values.
    package init(tracer: EventTracer = .silent) {
        self.tracer = tracer
    }

    /// The variables of a session that begins at a global step.
    package convenience init(globalStep: Int, tracer: EventTracer) {
        self.init(tracer: tracer)
        assign(Int64(globalStep), to: .globalStep)
        assign(0, to: .evalStep)
    }

    /// Reads a variable as a session run of its own.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    package func read(_ variable: HostVariable) throws(EstimatorError) -> Int64 {
        let value = try value(of: variable)
        tracer.record(.readVariable(name: variable.name, value: value))
        return value
    }

    /// Gives a variable a value, cut to the range of its type (`Variable.load`).
    package func load(_ value: Int64, into variable: HostVariable) {
        let fitted = variable.fitting(value)
        values.withLock { $0[variable] = fitted }
        tracer.record(.loadVariable(name: variable.name, value: fitted))
    }

    /// The value of a variable as the device and operations see it: without an event.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    public func value(of variable: HostVariable) throws(EstimatorError) -> Int64 {
        guard let value = values.withLock({ $0[variable] }) else { throw .variableNotLoaded(variable.name) }
        return value
    }

    /// Sets a variable as the device and operations do (initialisers, restored checkpoints): without an event.
    package func assign(_ value: Int64, to variable: HostVariable) {
        values.withLock { $0[variable] = variable.fitting(value) }
    }

    /// Adds to a variable in one step and gives the sum (`assign_add` with locking): without an event.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    @discardableResult
    package func add(_ amount: Int64, to variable: HostVariable) throws(EstimatorError) -> Int64 {
        let sum = values.withLock { values -> Int64? in
            guard let old = values[variable] else { return nil }
            let (sum, overflow) = old.addingReportingOverflow(amount)
            let fitted = variable.fitting(overflow ? (amount < 0 ? .min : .max) : sum)
            values[variable] = fitted
            return fitted
        }
        guard let sum else { throw .variableNotLoaded(variable.name) }
        return sum
    }
}

extension HostVariable {
    fileprivate func fitting(_ value: Int64) -> Int64 {
        switch elementType {
        case .int32: Int64(Int32(clamping: value))
        case .int64: value
        }
    }
}
