import Foundation
import Phrases

/// The languages of the pages: English, those that ship with the station, and those in its data folder.
struct PageLanguages: Sendable {
  /// English first, then by code.
  let all: [PageLanguage]
  /// Where neither a person nor a browser says which.
  let standard: PageLanguage

  /// Reads the files `languages/CODE.json` that ship with the station, then those in the data folder, which add to them entry
  /// by entry. Throws what is wrong with one of them, or that there is none of the standard language.
  init(dataFolder: String?, standard code: String = PageLanguage.english.code) throws {
    let texts = try Self.scriptTexts()
    var books: [String: Phrasebook] = [:]
    for folder in [WebFile.folder, dataFolder].compactMap({ $0 }) {
      for (code, path) in try Self.files(in: folder + "/languages") {
        do {
          books[code] = try Phrasebook(
            file: Array(try Data(contentsOf: URL(fileURLWithPath: path))), over: books[code] ?? Phrasebook())
        } catch let fault as PhraseFault {
          throw LanguageFault(file: path, reason: String("\(fault)".dropLast()))
        }
      }
    }
    all =
      [.english]
      + (try books.sorted { $0.key < $1.key }.map { try PageLanguage(code: $0.key, book: $0.value, scriptTexts: texts) })
    guard let standard = all.first(where: { $0.code == code }) else {
      throw LanguageFault(
        file: "\(code).json", reason: "there is none, only \(all.map(\.code).joined(separator: ", "))")
    }
    self.standard = standard
  }

  subscript(code: String) -> PageLanguage? { all.first { $0.code == code } }

  /// The language of a request: what somebody chose in this browser, else what the browser asks for, else the station's.
  func choose(chosen: String?, accepted: String?) -> PageLanguage {
    if let chosen, let language = self[chosen] { return language }
    for code in accepted.map(Self.preferred) ?? [] {
      if let language = self[code] { return language }
    }
    return standard
  }

  /// The languages of an `Accept-Language` (RFC 9110, section 12.5.4) without regions, the preferred first; at most 16 count.
  static func preferred(_ header: String) -> [String] {
    let ranges = header.prefix(1_000).split(separator: ",").prefix(16).compactMap {
      range -> (code: String, weight: Double)? in
      let parts = range.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let code = parts.first?.split(separator: "-").first else { return nil }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      return weight > 0 ? (code.lowercased(), weight) : nil
    }
    return ranges.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(
      \.element.code)
  }

  /// `CODE.json` of a folder, by code; none where there is no folder.
  private static func files(in folder: String) throws -> [(code: String, path: String)] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
      guard name.hasSuffix(".json") else { return nil }
      let code = String(name.dropLast(5))
      let isCode = (2...3).contains(code.count) && code.allSatisfy { ("a"..."z").contains($0) }
      guard isCode, code != PageLanguage.english.code else {
        throw LanguageFault(
          file: "\(folder)/\(name)", reason: "its name is none of a language but English, such as fr.json")
      }
      return (code, "\(folder)/\(name)")
    }
  }

  /// What the scripts ask for in the language of the page: the texts of `localized("…")`.
  private static func scriptTexts() throws -> [String] {
    try WebFile.allCases.filter { $0.rawValue.hasSuffix(".js") }.flatMap { file in
      String(decoding: try file.bytes(), as: UTF8.self).components(separatedBy: "localized(\"").dropFirst().compactMap {
        $0.split(separator: "\"", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
      }
    }
  }
}
