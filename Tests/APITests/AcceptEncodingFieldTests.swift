import API
import Testing

@Suite struct AcceptEncodingFieldTests {
    @Test(
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true), ("gzip;q=0", false), ("gzip ; q=0.000", false), ("gzip;q=0.001", true),
            ("*", true), ("*;q=0", false), ("*;q=0, gzip", true), ("*, gzip;q=0", false), ("deflate", false),
            ("identity", false), ("x-gzip", false), ("gzip;q=", false), (",,;", false),
        ] as [(String?, Bool)]) func itsOwnNameSaysElseTheStar(field: String?, isTaken: Bool)
    {
        #expect(AcceptEncodingField(field).takes("gzip") == isTaken, "\(field ?? "none")")
    }
}
