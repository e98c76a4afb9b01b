import Custody
import Hummingbird
import SanitizationReports
import StationStore

/// The files of an upload of wipe reports.
enum WipeUpload {
  /// The parts named `report` of a form with files. Throws the problem that says that it is too large, or who may not.
  static func files(_ request: Request, by signedIn: SignedIn) async throws -> [(name: String, bytes: [UInt8])] {
    if let refusal = Verb.sanitize.refusal(forRoles: signedIn.actor.roles) { throw Problem(refusal) }
    guard let type = request.headers[.contentType], type.hasPrefix("multipart/form-data") else {
      throw Problem.malformed(
        "Reports come as multipart/form-data, each a part named report.", pointer: "/Content-Type")
    }
    // What says that it is too large is not read at all.
    let most = ReportFile.limit + 64 << 10
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > most {
      throw Problem.reportsTooLarge
    }
    let body: [UInt8]
    do {
      body = Array(try await request.body.collect(upTo: most).readableBytesView)
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      throw Problem.reportsTooLarge
    }
    return try MultipartForm(contentType: type, body: body).files(named: "report")
  }
}
