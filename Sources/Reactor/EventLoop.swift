package import CLinux
import Glibc
import Synchronization

/// One thread that waits on epoll(7) and runs what became ready: descriptors, deadlines, wake-ups, Swift tasks.
///
/// `run()` takes the calling thread, `start()` makes one. Functions that say "on the reactor" are called from its thread
/// (callbacks, deadlines, tasks that prefer this executor) or before it runs; `perform`, `wake`, `stop` and the async
/// functions from anywhere. Nothing that runs here may block.
///
/// One turn: wait; ready descriptors; due deadlines; closures and tasks queued so far. What those queue waits for the
/// next turn, so that no kind of work starves another. No deadline runs before every descriptor that was ready by then:
/// a process that was stopped for a minute reads what came meanwhile before it calls anybody late.
// @unchecked: everything but `inbox` and `owner` is touched by the reactor's thread alone, which `assertOnReactor` checks.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// Where the time comes from. Default: the kernel's monotonic clock.
    package let clock: any ReactorClock
    /// The moment at which the present turn began: cheaper than asking the clock. On the reactor.
    package private(set) var now: MonotonicInstant

    private struct Slot {
        var generation: UInt32 = 0
        var handler: (any ReadinessHandler)?
    }

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var actions: [@Sendable () -> Void] = []
        var signalled = false
        var stopping = false
    }

    /// Waits for events; the kernel's epoll_wait(2) but in tests, which play a signal or a late return.
    package typealias Wait =
        (CInt, UnsafeMutableBufferPointer<epoll_event>, _ milliseconds: CInt) throws(SystemError) -> Int

    private let epoll: CInt
    private let wakeup: CInt
    private let wait: Wait
    private let delays = Mutex(DelayGauge())
    private let inbox = Mutex(Inbox())
    /// The thread that runs this reactor; 0 before.
    private let owner = Atomic<UInt>(0)
    private var slots: [Slot] = []
    private var timers = TimerQueue<() -> Void>()
    private var jobs: [UnownedJob] = []
    private var jobsOfTurn: [UnownedJob] = []
    private var actionsOfTurn: [@Sendable () -> Void] = []

    /// Most events that are taken from the kernel at once.
    private static let batch = 512
    private static let wakeupToken = UInt64.max

    /// A reactor that does not run yet.
    /// - Throws: `SystemError` when the kernel gives no epoll or event descriptor.
    package convenience init(clock: any ReactorClock = SystemClock()) throws(SystemError) {
        try self.init(clock: clock, wait: SystemCall.epollWait)
    }

    /// As `init(clock:)` with another way to wait.
    package init(clock: any ReactorClock, wait: @escaping Wait) throws(SystemError) {
        self.clock = clock
        self.wait = wait
        now = clock.now()
        epoll = try SystemCall.epollCreate()
        do throws(SystemError) {
            wakeup = try SystemCall.eventDescriptor()
        } catch {
            SystemCall.close(epoll)
            throw error
        }
        try SystemCall.epollControl(
            epoll, EPOLL_CTL_ADD, wakeup, events: clinux_epollin | clinux_epollet, token: Self.wakeupToken)
    }

    deinit {
        SystemCall.close(epoll)
        SystemCall.close(wakeup)
    }

    // MARK: Where am I

    /// Whether the caller is on the reactor's thread.
    package var isOnReactor: Bool { owner.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Stops the program when the caller is on another thread than the running reactor's.
    package func assertOnReactor() {
        let thread = owner.load(ordering: .relaxed)
        precondition(thread == 0 || thread == UInt(pthread_self()), "this must be called on the reactor's thread")
    }

    /// Work that comes in many small pieces lets others have their turn once the present turn took so long.
    package static let longTurn = Duration.microseconds(250)

    /// Whether the present turn has taken ``longTurn``. On the reactor.
    package var isTurnLong: Bool { clock.now().since(now) >= Self.longTurn }

    // MARK: Work from anywhere

    /// Runs `action` on the reactor: at once when the caller is there, soon otherwise. In order for one caller.
    package func perform(_ action: @escaping @Sendable () -> Void) {
        if isOnReactor { action() } else { submit(action) }
    }

    /// Runs `action` on the reactor in its next turn.
    package func submit(_ action: @escaping @Sendable () -> Void) {
        signal { $0.actions.append(action) }
    }

    /// Makes the reactor begin a new turn, which looks at the clock.
    package func wake() { signal { _ in } }

    /// Makes `run()` return after the present turn. What is queued later never runs.
    package func stop() { signal { $0.stopping = true } }

    /// Queues a piece of a task (SE-0417).
    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        if isOnReactor { jobs.append(unowned) } else { signal { $0.jobs.append(unowned) } }
    }

    private func signal(_ change: (inout Inbox) -> Void) {
        let mustWrite = inbox.withLock { inbox in
            change(&inbox)
            if inbox.signalled { return false }
            inbox.signalled = true
            return true
        }
        guard mustWrite else { return }
        var one: UInt64 = 1
        // unsafe: the eventfd takes the eight bytes of a number that lives through the call.
        withUnsafeBytes(of: &one) { bytes in
            // A full counter would block; then the reactor is awake anyway.
            _ = try? SystemCall.write(wakeup, bytes)
        }
    }

    // MARK: Descriptors

    /// Watches a descriptor, which the caller keeps open until it calls `deregister`. On the reactor.
    /// - Parameters:
    ///   - descriptor: a non-blocking descriptor that is not watched yet.
    ///   - interest: what to tell; hang-up and errors are always told. Default: everything.
    ///   - trigger: default edge.
    ///   - handler: kept until `deregister`.
    /// - Throws: `SystemError` of epoll_ctl(2): EPERM for a regular file, EBADF, ENOSPC.
    package func register(
        _ descriptor: CInt, for interest: Readiness = [.readable, .writable, .peerClosed], trigger: Trigger = .edge,
        handler: any ReadinessHandler
    ) throws(SystemError) -> Registration {
        assertOnReactor()
        let index = Int(descriptor)
        if index >= slots.count {
            slots.append(contentsOf: repeatElement(Slot(), count: max(index + 1, 2 * slots.count) - slots.count))
        }
        precondition(slots[index].handler == nil, "descriptor \(descriptor) is already registered")
        slots[index].generation &+= 1
        let registration = Registration(descriptor: descriptor, generation: slots[index].generation)
        let events = interest.rawValue | (trigger == .edge ? clinux_epollet : 0)
        try SystemCall.epollControl(epoll, EPOLL_CTL_ADD, descriptor, events: events, token: registration.token)
        slots[index].handler = handler
        return registration
    }

    /// As `register(_:for:trigger:handler:)` with a closure.
    package func register(
        _ descriptor: CInt, for interest: Readiness = [.readable, .writable, .peerClosed], trigger: Trigger = .edge,
        onReady: @escaping (Readiness) -> Void
    ) throws(SystemError) -> Registration {
        try register(descriptor, for: interest, trigger: trigger, handler: ClosureReadinessHandler(onReady))
    }

    /// Changes what is told of a descriptor. On the reactor.
    package func change(
        _ registration: Registration, to interest: Readiness, trigger: Trigger = .edge
    ) throws(SystemError) {
        assertOnReactor()
        guard isCurrent(registration) else { return }
        let events = interest.rawValue | (trigger == .edge ? clinux_epollet : 0)
        try SystemCall.epollControl(
            epoll, EPOLL_CTL_MOD, registration.descriptor, events: events, token: registration.token)
    }

    /// Ends the watching; events already taken from the kernel fall to nobody. The caller closes the descriptor after
    /// this, not before. On the reactor.
    package func deregister(_ registration: Registration) {
        assertOnReactor()
        guard isCurrent(registration) else { return }
        slots[Int(registration.descriptor)].handler = nil
        try? SystemCall.epollControl(epoll, EPOLL_CTL_DEL, registration.descriptor, events: 0, token: 0)
    }

    private func isCurrent(_ registration: Registration) -> Bool {
        let index = Int(registration.descriptor)
        return index < slots.count && slots[index].generation == registration.generation
            && slots[index].handler != nil
    }

    // MARK: Deadlines

    /// Runs `action` once the clock has reached `deadline`. On the reactor.
    package func schedule(at deadline: MonotonicInstant, _ action: @escaping () -> Void) -> TimerToken {
        assertOnReactor()
        return timers.insert(deadline, action)
    }

    /// Runs `action` after `duration`, counted from the beginning of this turn. On the reactor.
    package func schedule(after duration: Duration, _ action: @escaping () -> Void) -> TimerToken {
        schedule(at: now + duration, action)
    }

    /// Takes a deadline back; nothing happens when it came up before. On the reactor.
    package func cancel(_ token: TimerToken) {
        assertOnReactor()
        timers.cancel(token)
    }

    // MARK: The loop

    /// Runs on the calling thread until `stop()`.
    package func run() {
        let previous = owner.exchange(UInt(pthread_self()), ordering: .relaxed)
        precondition(previous == 0, "a reactor runs once")
        defer { owner.store(0, ordering: .relaxed) }
        // unsafe: the kernel fills this buffer, which lives as long as the loop.
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.batch) { events in
            while turn(events) {}
        }
    }

    private func turn(_ events: UnsafeMutableBufferPointer<epoll_event>) -> Bool {
        var count = collect(events, milliseconds: timeout())
        now = clock.now()
        let began = now
        tellReady(events[..<count])
        // Before a deadline runs: a wait that a signal cut short, or that ended by its time, says nothing about
        // descriptors, and a full batch leaves some out. What becomes ready from `now` on may come after.
        var rounds = 0
        while (count == 0 && rounds == 0) || count == Self.batch, rounds <= slots.count / Self.batch,
            let next = timers.next(), next <= now
        {
            rounds += 1
            count = collect(events, milliseconds: 0)
            tellReady(events[..<count])
        }
        var late = Duration.zero
        while let deadline = timers.next(), let action = timers.popDue(now) {
            late = max(late, now.since(deadline))
            action()
        }
        let goesOn = runQueued()
        let ended = clock.now()
        delays.withLock { $0.record(max(late, ended.since(began)), at: ended) }
        return goesOn
    }

    private func collect(_ events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: CInt) -> Int {
        do throws(SystemError) {
            return try wait(epoll, events, milliseconds)
        } catch {
            // Only a bad argument can lead here: the descriptor and the buffer are this object's own.
            preconditionFailure("epoll_wait failed: \(error)")
        }
    }

    private func tellReady(_ events: Slice<UnsafeMutableBufferPointer<epoll_event>>) {
        for event in events {
            let token = event.data.u64
            if token == Self.wakeupToken {
                silenceWakeup()
                continue
            }
            let registration = Registration(token: token)
            let slot = slots[Int(registration.descriptor)]
            guard slot.generation == registration.generation, let handler = slot.handler else { continue }
            handler.ready(Readiness(rawValue: event.events))
        }
    }

    /// How late things run here: for each turn the longest that anything in it had to wait, which is the turn's own
    /// length or how late its latest deadline ran. From anywhere.
    package var lag: DelayGauge.Figures {
        let now = clock.now()
        return delays.withLock { $0.figures(at: now) }
    }

    /// Runs what other threads and this one have queued so far; false when the reactor is to stop.
    private func runQueued() -> Bool {
        swap(&jobs, &jobsOfTurn)
        let stopping = inbox.withLock { inbox in
            inbox.signalled = false
            swap(&actionsOfTurn, &inbox.actions)
            jobsOfTurn.append(contentsOf: inbox.jobs)
            inbox.jobs.removeAll(keepingCapacity: true)
            return inbox.stopping
        }
        for action in actionsOfTurn { action() }
        actionsOfTurn.removeAll(keepingCapacity: true)
        for job in jobsOfTurn { job.runSynchronously(on: asUnownedTaskExecutor()) }
        jobsOfTurn.removeAll(keepingCapacity: true)
        return !stopping
    }

    private func silenceWakeup() {
        var count: UInt64 = 0
        // unsafe: the eventfd gives eight bytes into a number that lives through the call.
        withUnsafeMutableBytes(of: &count) { bytes in
            // Edge triggered: an error or an empty counter changes nothing.
            _ = try? SystemCall.read(wakeup, into: bytes)
        }
    }

    /// Milliseconds to wait: none when tasks are queued, up to the next deadline rounded up, else without end.
    private func timeout() -> CInt {
        if !jobs.isEmpty { return 0 }
        guard let next = timers.next() else { return -1 }
        let now = clock.now()
        guard next > now else { return 0 }
        return CInt(min((next.nanoseconds - now.nanoseconds + 999_999) / 1_000_000, 3_600_000))
    }
}
