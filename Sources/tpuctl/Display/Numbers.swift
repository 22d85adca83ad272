import Glibc
import Jobs

/// Numbers as people read them.
enum Numbers {
    /// As printf's `%g` with so many significant digits; `-` for none.
    static func general(_ value: Double?, digits: Int32 = 4) -> String {
        guard let value else { return "-" }
        var buffer = [CChar](repeating: 0, count: 64)
        _ = withVaList([digits, value]) { vsnprintf(&buffer, buffer.count, "%.*g", $0) }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `1,234,567` of 1234567.8.
    static func grouped(_ value: Double) -> String {
        let digits = String(whole(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded())
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        case ..<86_400: "\(whole / 3600) h \(whole % 3600 / 60) min"
        default: "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
        }
    }

    /// The whole part, held between 0 and 10^15: a server may say anything.
    static func whole(_ value: Double) -> Int { Int(min(max(0, value), 1e15)) }

    /// `500 B`, `1.2 MB`.
    static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        for unit in ["kB", "MB", "GB"] {
            // From here on three digits would be 1e+03.
            if value < 999.5 { return "\(general(value, digits: 3)) \(unit)" }
            value /= 1000
        }
        return "\(value < 999.5 ? general(value, digits: 3) : grouped(value)) TB"
    }

    /// This machine's time.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
