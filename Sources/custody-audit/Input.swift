import ArgumentParser
import Foundation
import TamperEvidence

/// What the user names: files and keys.
enum Input {
  /// A verifier key's text, or `@PATH` of a file that holds it.
  static func key(_ argument: String) throws -> VerifierKey {
    var text = argument
    if argument.hasPrefix("@") {
      let path = String(argument.dropFirst())
      text = String(decoding: try bytes(path, limit: 4_096), as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines)
    }
    do {
      return try VerifierKey(text)
    } catch {
      throw ValidationError("--key: \(error)")
    }
  }

  /// A whole file of at most `limit` bytes; `-` is standard input.
  static func bytes(_ path: String, limit: Int) throws -> [UInt8] {
    let handle: FileHandle
    do {
      handle = path == "-" ? .standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer {
        // Only read from: a failure to close loses nothing.
        try? handle.close()
      }
      var bytes: [UInt8] = []
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
        bytes += chunk
        guard bytes.count <= limit else { throw Unreadable(path, "it has more than \(limit) bytes") }
      }
      return bytes
    } catch let error as Unreadable {
      throw error
    } catch {
      throw Unreadable(path, error)
    }
  }
}

extension String {
  /// The text, safe for a terminal: what a stranger wrote must not move the cursor.
  var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}
