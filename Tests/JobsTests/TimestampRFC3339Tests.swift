import Jobs
import Testing

@Suite struct TimestampRFC3339Tests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (1_764_074_096_789_000, "2025-11-25T12:34:56.789Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (-1_000_000, "1969-12-31T23:59:59.000Z"), (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
        (4_107_542_399_000_000, "2100-02-28T23:59:59.000Z"),
    ])
    func writes(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).rfc3339 == text)
        #expect(Timestamp(rfc3339: text)?.milliseconds == Timestamp(microseconds: microseconds).milliseconds)
    }

    @Test(arguments: Int64(-500)..<500)
    func roundTrips(number: Int64) {
        let time = Timestamp(microseconds: number * 86_399_999 * 1_000_000 + number * 1000)
        #expect(Timestamp(rfc3339: time.rfc3339) == time)
    }

    @Test func readsOffsetsAndFractions() {
        #expect(Timestamp(rfc3339: "1970-01-01T02:00:00+02:00")?.microseconds == 0)
        #expect(Timestamp(rfc3339: "1969-12-31t19:30:00.5-04:30")?.microseconds == 500_000)
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:00.000001999z")?.microseconds == 1)
    }

    @Test(arguments: [
        "", "1970-01-01", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z",
        "2100-02-29T00:00:00Z", "1970-00-01T00:00:00Z", "1970-01-00T00:00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567890Z",
        "1970-01-01T00:00:00Zx", "1970-01-01 00:00:00Z", "1970-01-01T00:00:00+2:00", "1970-01-01T00:00:00+24:00",
        "70-01-01T00:00:00Z", "+970-01-01T00:00:00Z",
    ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
