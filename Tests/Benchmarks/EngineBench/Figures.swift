/// The middle one of some figures.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// A figure with so many decimals.
func decimal(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return places == 0 ? "\(Int(rounded))" : "\(rounded)"
}
