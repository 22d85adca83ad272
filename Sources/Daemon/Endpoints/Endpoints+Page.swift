import API
import HTTP
import HTTPTypes

extension Endpoints {
    /// `GET /`.
    func page(_ request: Request, _ query: QueryValues) throws -> Response {
        WebPage.own.index.answer(
            acceptEncoding: request.field(.acceptEncoding), ifNoneMatch: request.field(.ifNoneMatch))
    }

    /// `GET /page/{version}/{file}`.
    func pageFile(_ request: Request, _ query: QueryValues) throws -> Response {
        let (version, name) = (request.parameter("version"), request.parameter("file"))
        guard let file = WebPage.own.file(version: version, name: name) else {
            throw Problem(.notFound, detail: "The page has no such file in this version: load the page again")
        }
        return file.answer(acceptEncoding: request.field(.acceptEncoding), ifNoneMatch: request.field(.ifNoneMatch))
    }
}
