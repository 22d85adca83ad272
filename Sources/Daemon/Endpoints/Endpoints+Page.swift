import API
import HTTP
import HTTPTypes

extension Endpoints {
    /// `GET /`.
    func page(_ request: Request, _ query: QueryValues) async throws -> Response {
        try await Self.webPage().index.answer(
            acceptEncoding: request.field(.acceptEncoding), ifNoneMatch: request.field(.ifNoneMatch))
    }

    /// `GET /page/{version}/{file}`.
    func pageFile(_ request: Request, _ query: QueryValues) async throws -> Response {
        let (version, name) = (request.parameter("version"), request.parameter("file"))
        guard let file = try await Self.webPage().file(version: version, name: name) else {
            throw Problem(.notFound, detail: "The page has no such file in this version: load the page again")
        }
        return file.answer(acceptEncoding: request.field(.acceptEncoding), ifNoneMatch: request.field(.ifNoneMatch))
    }

    /// Who asks first has all of its files compressed.
    private static func webPage() async throws -> WebPage { try await DiskWork.run { WebPage.own } }
}
