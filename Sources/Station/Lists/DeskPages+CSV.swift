import Custody
import Hummingbird
import StationStore

/// Rows of a file, and the place behind which the next ones are; nil at the end.
typealias CSVPage<Place> = (rows: [[String?]], next: Place?)

extension DeskPages {
  /// A file of rows under headings, written page by page as `page` reads them behind a place.
  static func csv<Place: Sendable>(
    named name: String, _ columns: [String],
    page: @escaping @Sendable (Place?) async throws -> CSVPage<Place>
  ) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name)\"",
      ],
      body: ResponseBody { body in
        var writer = CSVWriter()
        writer.append(columns)
        var place: Place?
        repeat {
          let (rows, next) = try await page(place)
          for row in rows { writer.append(row) }
          try await body.write(ByteBuffer(bytes: writer.take()))
          place = next
        } while place != nil
        try await body.finish(nil)
      })
  }
}

extension DeskPages {
  /// A file that `write` hands over part by part.
  static func file(
    named name: String, _ write: @escaping @Sendable (CatalogueExport.Sink) async throws -> Void
  ) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name)\"",
      ],
      body: ResponseBody { writer in
        try await write { try await writer.write(ByteBuffer(bytes: $0)) }
        try await writer.finish(nil)
      })
  }
}

extension StoreReading {
  /// What somebody is called in a file; nil for nobody, and for a person who is no longer named.
  func personName(_ id: PersonID?) throws -> String? { try id.flatMap { try person($0)?.name } }
}
