import Foundation
import Phrases

/// A language of the pages: English as the templates have it, or another by a file of phrases.
struct PageLanguage: Sendable {
  /// BCP 47 language, such as `de`.
  let code: String
  /// What it calls itself, such as `Deutsch`.
  let name: String
  /// What it says for English texts; nil for English.
  let book: Phrasebook?
  /// A script that gives the pages' scripts their words; empty for English.
  let script: String

  /// What templates and scripts are written in.
  static let english = PageLanguage(code: "en", name: "English", book: nil, script: "")

  private init(code: String, name: String, book: Phrasebook?, script: String) {
    (self.code, self.name, self.book, self.script) = (code, name, book, script)
  }

  /// A language by its phrases, of which scripts are given those that they ask for. It calls itself what it says for `English`.
  init(code: String, book: Phrasebook, scriptTexts: [String]) throws {
    guard let name = book[fixed: "English"] else {
      throw LanguageFault(file: "\(code).json", reason: "an entry “English” says what the language calls itself")
    }
    var words: [String: String] = [:]
    for text in scriptTexts { words[text] = book.phrase(for: text) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(words), as: UTF8.self)
    self.init(
      code: code, name: name, book: book, script: "\"use strict\";\nglobalThis.custodyWords = \(json);\n")
  }

  /// A page, or a part of one, in this language.
  func page(_ html: String) -> String {
    guard let book else { return html }
    return String(decoding: book.translate(page: Array(html.utf8)), as: UTF8.self)
  }
}

/// A file of phrases that cannot be used.
struct LanguageFault: Error, CustomStringConvertible {
  let file: String
  let reason: String

  var description: String { "The language file \(file) cannot be used: \(reason). See docs/languages.md." }
}
