package import API
import Jobs
import Reactor
import Store

extension Problem {
    /// What a client is told of an error that is not its own fault; nil for one that only the operator's log can tell.
    package static func of(_ error: any Error) -> Problem? {
        switch error {
        case let problem as Problem: problem
        case StoreError.noSuchJob(let id): .noSuchJob(id.description)
        case StoreError.noSuchDelivery(let id): .noSuchDelivery(id)
        case StoreError.diskFull: Problem(.diskFull, detail: "The daemon's disk is full")
        case StoreError.ioError, StoreError.resources:
            Problem(.storeUnavailable, detail: "The daemon can't store anything at the moment")
        case StoreError.damagedJob(let id, _):
            Problem(.damagedJob, detail: "What is stored of job \(id) can't be read: restore a backup")
        case StoreError.closed: Problem(.draining, detail: "The daemon is about to end")
        case let error as SystemError where error.isOutOfDescriptors:
            .shortage("the daemon has no descriptor or memory left for this request")
        default: nil
        }
    }

    static func noSuchJob(_ id: String) -> Problem {
        Problem(.noSuchJob, detail: "No job has the id \"\(id.prefix(64))\"")
    }

    static func noSuchDelivery(_ id: String) -> Problem {
        Problem(.noSuchDelivery, detail: "No delivery of a webhook has the id \"\(id.prefix(64))\"")
    }

    /// 503: something of the machine has run out, which is nobody's fault and passes.
    static func shortage(_ what: String) -> Problem {
        Problem(.resources, detail: "Too much is going on: \(what); come back a little later")
    }

    /// 500: the operator finds the cause in the log.
    static let internalFault = Problem(.internalError, detail: "The daemon failed at this request; its log says why")
}
