/// What a job lacks for its program.
public enum ProgramError: Error, Equatable, CustomStringConvertible {
    /// Neither the job nor the program has this input.
    case inputMissing(field: String)
    /// A value of `params` is of another kind than the program takes.
    case parameter(name: String, expected: String, found: String)

    /// One sentence.
    public var description: String {
        switch self {
        case .inputMissing(let field): "\(field) is required: this program brings no input of its own for that"
        case .parameter(let name, let expected, let found): "params.\(name) must be \(expected), not \(found)"
        }
    }
}
