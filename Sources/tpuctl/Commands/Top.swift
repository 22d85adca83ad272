import ArgumentParser
import Dispatch
import Glibc
import Transfer

/// `tpuctl top`
struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch pod and jobs on the whole screen.",
        discussion: "h shows the keys: to sort, to filter, to open a job with its loss and its log, to cancel it.")

    @OptionGroup var options: ServerOptions

    func run() throws {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw ValidationError("top needs a terminal; tpuctl list and tpuctl topology show the same once")
        }
        let server = try options.server()
        guard let events = TopEvents() else { throw ValidationError("no descriptor is left for top") }
        let watch = TopWatch(server: server, events: events)
        var model = TopModel()
        let first = try watch.start()
        model.take(first.jobs, first.topology, nil)
        let signals = events.listenToSignals()
        defer { for source in signals { source.cancel() } }
        guard RawTerminal.enter() else { throw ValidationError("top can't use this terminal") }
        defer { RawTerminal.leave() }
        var reader = KeyReader()
        while true {
            draw(&model, server)
            for event in events.next() {
                switch event {
                case .redraw: break
                case .news(let news): model.take(news.jobs, news.topology, news.detail)
                case .message(let text): model.say(text)
                case .signal(let number): Self.end(by: number)
                case .hangUp: return
                case .bytes(let bytes):
                    model.say(nil)
                    for key in reader.keys(bytes) {
                        switch model.press(key, page: screen(server).page(model)) {
                        case .none: break
                        case .quit:
                            if key == .interrupt { Self.end(by: SIGINT) }
                            return
                        case .suspend: Self.suspend()
                        case .open(let id): watch.open(id)
                        case .cancel(let id): watch.cancel(id)
                        }
                    }
                }
            }
        }
    }

    private func screen(_ server: DaemonClient) -> TopScreen {
        let size = RawTerminal.size
        return TopScreen(
            columns: size.columns, rows: size.rows, server: server.client.unixSocket ?? server.client.base,
            now: Numbers.now)
    }

    private func draw(_ model: inout TopModel, _ server: DaemonClient) {
        let screen = screen(server)
        model.scroll(page: screen.page(model))
        RawTerminal.draw(screen.lines(model))
    }

    /// Ends as the signal would have ended it, with the terminal as it was.
    private static func end(by number: Int32) -> Never {
        RawTerminal.leave()
        Glibc.exit(128 + number)
    }

    /// Stops until somebody lets it go on.
    private static func suspend() {
        RawTerminal.leave()
        raise(SIGSTOP)
        _ = RawTerminal.enter()
    }
}
