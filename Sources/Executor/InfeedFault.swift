/// What filling a slot of the infeed threw, met by the device when it asks for that slot.
package struct InfeedFault: Error {
    /// The first host that failed at this slot.
    package let host: Int
    /// What it threw.
    package let cause: any Error
}
