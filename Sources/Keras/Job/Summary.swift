import Formats

/// A model in a table, as Keras' `summary()` prints it.
enum Summary {
    static func text(model: String, _ plan: ModelPlan) -> String {
        var rows = [["Layer (type)", "Output Shape", "Variables", "Param #"]]
        for layer in plan.layers {
            let shape = layer.outputs.map { "(" + (["None"] + $0.map(String.init)).joined(separator: ", ") + ")" }
                .joined(separator: ", ")
            let names = layer.variables.map(\.name).joined(separator: ", ")
            rows.append(["\(layer.name) (\(layer.className))", shape, names, String(layer.parameters)])
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                if column > 0 { line += "  " }
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 3 ? padding + cell : cell + padding
            }
            return line
        }
        let rule = String(repeating: "─", count: widths.reduce(6, +))
        let all = plan.variables.parameters
        let trained = plan.variables.filter(\.isTrainable).parameters
        return
            (["Model: \(model)", rule, lines[0], rule] + lines.dropFirst() + [
                rule, "Total params: \(all)", "Trainable params: \(trained)", "Non-trainable params: \(all - trained)",
            ]).joined(separator: "\n")
    }
}
