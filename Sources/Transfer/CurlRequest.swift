import CCurl
import Glibc
import Synchronization

/// As much of an answer has come as was asked for.
struct EnoughReceived: Error {}

/// One request and its answer on one libcurl handle, from set-up to clean-up. The receiver of the content is called on
/// the caller's thread, piece by piece as it arrives.
struct CurlRequest: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private var list: UnsafeMutablePointer<curl_slist>?
    private let answer: Answer
    private let described: String

    /// What the callbacks write to; libcurl holds it by address while the exchange lasts.
    final class Answer {
        var status = 0
        var fields: [(name: String, value: String)] = []
        var receive: ((Int, UnsafeRawBufferPointer) throws -> Void)?
        var failure: (any Error)?
        /// Bytes of the head so far.
        var headBytes = 0
        /// Which addresses may be connected to, and one that might not.
        var policy: AddressPolicy?
        var forbidden: IPAddress?
        var isCancelled: (@Sendable () -> Bool)?
    }

    /// Bytes that a head may have: a server that sends more has something in mind.
    private static let longestHead = 1 << 20

    private static let library = Mutex<Bool>(false)

    /// An exchange with the server that `described` names in errors.
    private init(handle: UnsafeMutableRawPointer, described: String) {
        self.handle = handle
        self.described = described
        list = nil
        answer = Answer()
    }

    /// An exchange that is ready to be performed.
    static func prepared(
        _ request: TransferRequest, with client: TransferClient
    ) throws(TransferError) -> CurlRequest {
        let started = CurlRequest.library.withLock { started in
            if !started { started = tpud_curl_global() == CURLE_OK }
            return started
        }
        guard started, let handle = curl_easy_init() else { throw TransferError(.library, "no handle") }
        var exchange = CurlRequest(handle: handle, described: client.unixSocket ?? client.base)
        try exchange.configure(request, base: client.base, unixSocket: client.unixSocket, isLocal: client.isLocal)
        if let policy = client.policy { try exchange.guardAddresses(by: policy) }
        if let isCancelled = request.isCancelled { try exchange.ask(isCancelled) }
        return exchange
    }

    private mutating func configure(
        _ request: TransferRequest, base: String, unixSocket: String?, isLocal: Bool
    ) throws(TransferError) {
        try set(CURLOPT_URL, base + request.target)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_NOSIGNAL, 1)
        if let unixSocket { try set(CURLOPT_UNIX_SOCKET_PATH, unixSocket) }
        // A proxy of the environment's would look for this machine's own addresses at its own.
        if isLocal { try set(CURLOPT_NOPROXY, "*") }
        if let timeout = request.timeout { try set(CURLOPT_TIMEOUT_MS, max(1, Int(timeout * 1000))) }
        try set(CURLOPT_CONNECTTIMEOUT, 10)
        // A stream may be silent for long: a peer that has gone without a word is found out all the same.
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 30)
        try set(CURLOPT_TCP_KEEPINTVL, 10)
        try set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
        if let body = request.body {
            try check(tpud_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            try check(
                body.withUnsafeBytes {
                    let copied = UnsafeMutableRawPointer(mutating: $0.baseAddress)
                    return tpud_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, copied)
                })
        }
        // libcurl would ask for permission before a large body; the daemon answers, but a round trip is saved.
        for (name, value) in request.fields + [("Expect", "")] { list = curl_slist_append(list, "\(name): \(value)") }
        try check(tpud_curl_set_list(handle, CURLOPT_HTTPHEADER, list))
    }

    /// Lets a policy see each address before it is connected to.
    private func guardAddresses(by policy: AddressPolicy) throws(TransferError) {
        answer.policy = policy
        // A proxy would resolve the name and connect itself.
        try set(CURLOPT_PROXY, "")
        try check(
            tpud_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, Unmanaged.passUnretained(answer).toOpaque()))
        try check(
            tpud_curl_set_open_socket(handle) { context, _, address in
                guard let context, let address else { return -1 }
                let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
                let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 16
                let found = IPAddress(family: address.pointee.family, UnsafeRawPointer(address) + start)
                guard let found, answer.policy?.allows(found) == true else {
                    answer.forbidden = found ?? answer.forbidden
                    return -1
                }
                let kind = address.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue)
                return socket(address.pointee.family, kind, address.pointee.protocol)
            })
    }

    /// Gives up once it is told to.
    private func ask(_ isCancelled: @escaping @Sendable () -> Bool) throws(TransferError) {
        answer.isCancelled = isCancelled
        try set(CURLOPT_NOPROGRESS, 0)
        try check(tpud_curl_set_pointer(handle, CURLOPT_XFERINFODATA, Unmanaged.passUnretained(answer).toOpaque()))
        try check(
            tpud_curl_set_progress(handle) { context, _, _, _, _ in
                guard let context else { return 0 }
                return Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue().isCancelled?() == true ? 1 : 0
            })
        // A resolver that hangs is not waited for.
        try set(CURLOPT_QUICK_EXIT, 1)
    }

    deinit {
        curl_slist_free_all(list)
        curl_easy_cleanup(handle)
    }

    /// Sends the request and hands the content to `receive` with the final status; returns status and fields.
    mutating func perform(
        receive: @escaping (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws -> Reply {
        answer.receive = receive
        let context = Unmanaged.passUnretained(answer).toOpaque()
        try check(tpud_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        try check(tpud_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(
            tpud_curl_set_write(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
                answer.headBytes += line.count
                guard answer.headBytes <= CurlRequest.longestHead else { return 0 }
                answer.head(line)
                return size * count
            })
        try check(
            tpud_curl_set_write(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
                do {
                    try answer.receive?(answer.status, UnsafeRawBufferPointer(start: bytes, count: size * count))
                    return size * count
                } catch {
                    answer.failure = error
                    return 0
                }
            })
        let code = curl_easy_perform(handle)
        if answer.failure is EnoughReceived { return Reply(status: answer.status, fields: answer.fields, body: []) }
        if let failure = answer.failure { throw failure }
        if code != CURLE_OK, let address = answer.forbidden {
            throw TransferError(.forbiddenAddress, "\(described) is at \(address)")
        }
        try check(code)
        return Reply(status: answer.status, fields: answer.fields, body: [])
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransferError) {
        try check(tpud_curl_set_string(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
        try check(tpud_curl_set_long(handle, option, value))
    }

    private func check(_ code: CURLcode) throws(TransferError) {
        guard code != CURLE_OK else { return }
        let words = "\(described): \(String(cString: curl_easy_strerror(code)))"
        switch code {
        case CURLE_ABORTED_BY_CALLBACK: throw TransferError(.stopped, words)
        case CURLE_OPERATION_TIMEDOUT: throw TransferError(.timedOut, words)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: throw TransferError(.badAddress, words)
        case CURLE_UNKNOWN_OPTION, CURLE_FAILED_INIT, CURLE_OUT_OF_MEMORY: throw TransferError(.library, words)
        default: throw TransferError(.unreachable, words)
        }
    }
}

extension CurlRequest.Answer {
    /// Takes one line of the head; a new status line (after an interim 1xx answer) begins again.
    func head(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            fields = []
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append((text[..<colon].lowercased(), String(value)))
        }
    }
}
