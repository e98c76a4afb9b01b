import Foundation
import Testing

/// Labels on a machine that lacks what they are drawn with: told in words, and nothing is written.
@Suite(.timeLimit(.minutes(25))) struct LabelOnBareMachineTests {
  private func preview(_ folder: URL, _ environment: [String: String]) async throws -> (status: Int32, printed: String)
  {
    let picture = folder.appending(path: "tag.png").path
    let ended = try await Program.finished(
      "custody", ["label", "preview", "asset-tag-50x25-qr", "--out", picture], environment: environment)
    #expect(!FileManager.default.fileExists(atPath: picture))
    return ended
  }

  /// fontconfig takes its own typefaces when the file that it is led to is missing or empty; so one that names a folder
  /// without any.
  @Test func `without its typeface`() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "fonts.conf")
      try Data("<fontconfig><dir>\(folder.path)</dir><cachedir>\(folder.path)/cache</cachedir></fontconfig>".utf8)
        .write(to: file)
      let ended = try await preview(folder, ["FONTCONFIG_FILE": file.path])
      #expect(ended.status == 4, "\(ended)")
      #expect(ended.printed.contains("The typeface DejaVu Sans is not installed"), "\(ended)")
      #expect(ended.printed.contains("fonts-dejavu-core"), "\(ended)")
    }
  }

  @Test func `without a library`() async throws {
    try await withTemporaryFolder { folder in
      // The loader takes the first file of that name, and this is none that it can load.
      try Data().write(to: folder.appending(path: "librsvg-2.so.2"))
      let ended = try await preview(folder, ["LD_LIBRARY_PATH": folder.path])
      #expect(ended.status == 4, "\(ended)")
      #expect(ended.printed.contains("librsvg-2.so.2 is not there"), "\(ended)")
      #expect(ended.printed.contains("Install the packages librsvg2-2 and libpangocairo-1.0-0."), "\(ended)")
    }
  }
}
