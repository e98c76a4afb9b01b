import AssetIdentifiers
import Foundation

/// A site's own rules for serial numbers: a JSON array of objects with `id`, `manufacturer`, `name`, `form`, and if wanted
/// `source`, `proves` and `selfEvident`.
enum SerialRuleFile {
  private struct Entry: Decodable {
    let id: String
    let manufacturer: String
    let name: String
    let form: String
    let source: String?
    let proves: String?
    let selfEvident: Bool?
  }

  /// Bytes of a file that is taken.
  private static let longest = 1 << 20

  /// The rules of a file.
  /// - Throws: ``Ending`` that names the file, the rule and the place in its form.
  static func rules(at path: String) throws -> [SerialRule] {
    let bytes: Data
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      bytes = try file.read(upToCount: longest + 1) ?? Data()
    } catch {
      throw Ending(2, "The rules in \(path) cannot be read.", remedy: "Check the path and its permissions.")
    }
    guard bytes.count <= longest else {
      throw Ending(2, "\(path) has more than \(longest >> 20) MiB.", remedy: "Give a file of rules.")
    }
    let entries: [Entry]
    do { entries = try JSONDecoder().decode([Entry].self, from: bytes) } catch let error as DecodingError {
      throw Ending(
        2, "\(path) is no file of rules: \(place(error)).",
        remedy: "It is an array of objects with id, manufacturer, name and form; see docs/identify.md.")
    }
    return try entries.enumerated().map { number, entry in
      do throws(IdentifierError) {
        return try SerialRule(
          entry.id, manufacturer: entry.manufacturer, name: entry.name, form: entry.form,
          source: entry.source ?? path,
          proves: entry.proves ?? "That it has the form of this site's rule.",
          isSelfEvident: entry.selfEvident ?? false)
      } catch {
        let wrong = String(
          decoding: Array(entry.form.utf8)[error.start..<(error.start + error.length)], as: UTF8.self)
        throw Ending(
          2, "Rule \(number + 1) of \(path), \(entry.id): \(error.sentence) It is at \(error.start + 1): \(wrong)",
          remedy: error.remedy)
      }
    }
  }

  private static func place(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "rule \($0 + 1)" } ?? $0.stringValue }.joined(separator: ", ")
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(path(context)) lacks \(key.stringValue)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return context.codingPath.isEmpty ? "it is no array" : "\(path(context)) is of the wrong kind"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty ? "it is no JSON" : "\(path(context)) is damaged"
    @unknown default: return "it cannot be understood"
    }
  }
}
