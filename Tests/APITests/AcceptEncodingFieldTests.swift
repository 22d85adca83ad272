import API
import Testing

@Suite struct AcceptEncodingFieldTests {
    @Test(
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true), ("gzip;q=0", false), ("gzip ; q=0.000", false), ("gzip;q=0.001", true),
            ("*", true), ("*;q=0", false), ("*;q=0, gzip", true), ("*, gzip;q=0", false), ("deflate", false),
            ("identity", false), ("x-gzip", false), ("gzip;q=", false), (",,;", false),
            // Malformed elements are left out, as Accept's are.
            ("gzip;q=2", false), ("gzip;q=0.1234", false), ("gzip;q=1.001", false), ("gzip;q=x", false),
            ("gzip;q=2, *", true), ("gzip;level=1", false), ("gzip;level=1, *;q=0.5", true), ("gz ip", false),
            ("gzip;Q=0", false), ("gzip ; q=1.000", true), ("gzip;q=0, gzip", true), ("\"gzip\"", false),
            ("gzip;;q=0.5", true), ("gzip;q=.", false), ("*;q=0.0000", false),
        ] as [(String?, Bool)]) func itsOwnNameSaysElseTheStar(field: String?, isTaken: Bool)
    {
        #expect(AcceptEncodingField(field).takes("gzip") == isTaken, "\(field ?? "none")")
    }
}
