import Foundation
import LabelDesign
import LabelRendering

/// A file, or a folder of files, that labels are written to instead of a printer.
struct LabelFile {
  enum Kind { case png, pdf, folder }

  let path: String
  let kind: Kind
  let isColour: Bool

  init(path: String, isColour: Bool = false) throws {
    self.path = path
    self.isColour = isColour
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if path.hasSuffix("/") || (exists && isFolder.boolValue) {
      kind = .folder
    } else if path.lowercased().hasSuffix(".png") {
      kind = .png
    } else if path.lowercased().hasSuffix(".pdf") {
      kind = .pdf
    } else {
      throw Ending(
        2, "\(path) is no file that labels are written to.", remedy: "Give a .png or .pdf file, or a folder and /.")
    }
  }

  /// Writes documents, and says which files it made: one PDF, or a picture for each page.
  ///
  /// - Parameter done: told how many documents are made.
  func write(
    _ documents: [LabelDocument], _ renderer: LabelRenderer, at resolution: PrintResolution,
    done: (Int) -> Void = { _ in }
  ) throws -> [String] {
    switch kind {
    case .pdf:
      let bytes = try renderer.pdf(of: documents).get()
      try Self.write(bytes, to: path)
      done(documents.count)
      return [path]
    case .png, .folder:
      let count = documents.reduce(0) { $0 + $1.pages.count }
      var paths: [String] = []
      for (index, document) in documents.enumerated() {
        for page in document.pages {
          let path = name(paths.count + 1, of: count, document)
          try Self.write(try picture(of: page, renderer, resolution), to: path)
          paths.append(path)
        }
        done(index + 1)
      }
      return paths
    }
  }

  private func picture(
    of page: LabelPage, _ renderer: LabelRenderer, _ resolution: PrintResolution
  ) throws -> [UInt8] {
    if isColour { return try renderer.png(of: page, at: resolution).get() }
    return try renderer.png(of: try renderer.bitmap(of: page, at: resolution).get(), at: resolution)
  }

  private func name(_ number: Int, of count: Int, _ document: LabelDocument) -> String {
    if kind == .png, count == 1 { return path }
    let digits = String(count).count
    let text = String(repeating: "0", count: digits - String(number).count) + String(number)
    if kind == .folder { return (path.hasSuffix("/") ? path : path + "/") + "\(document.template)-\(text).png" }
    return String(path.dropLast(4)) + "-\(text)" + path.suffix(4)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw Ending(
        3, "\(path) cannot be written: \(error.localizedDescription)", remedy: "Check the folder and its permissions.")
    }
  }
}
