import Dispatch
import Foundation
import LabelDesign
import LabelRendering
import LabelTemplates
import Synchronization

/// The templates that a station prints from: those that ship with the program, and the site's own in the folder `labels` of its data,
/// each a folder with `template.svg` and `label.yaml`, or a file `NAME.zpl`.
///
/// Everything that draws runs on one thread of its own, a label at a time: a batch holds neither a scan nor another label back. The
/// renderer, which loads large libraries, is made for the first label.
final class LabelShelf: Sendable {
  /// The folder of the site's own.
  let folder: String
  private let queue = DispatchQueue(label: "custody.labels", qos: .utility)
  private struct State {
    var shipped: [ShelfTemplate]?
    var renderer: LabelRenderer?
  }
  private let state = Mutex(State())

  /// - Parameter folder: need not be there.
  init(folder: String) { self.folder = folder }

  /// Every template, the shipped ones first, each part ordered by name; and why some of the site's own cannot be used.
  func all() async throws -> (templates: [ShelfTemplate], faults: [LabelFault]) {
    try await run { [self] in
      let shipped = try shippedTemplates()
      let (own, faults) = ownTemplates(besides: shipped)
      return (shipped + own, faults)
    }
  }

  /// A template by its name; nil when there is none. Throws `LabelFault` when it is the site's own and cannot be used.
  func template(_ id: String) async throws -> ShelfTemplate? {
    guard Self.isName(id) else { return nil }
    return try await run { [self] in
      try shippedTemplates().first { $0.id == id } ?? ownTemplate(id)
    }
  }

  /// Whether a text can name a template: 1 to 64 small letters, digits and hyphens, beginning with a letter or digit.
  static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }

  /// Does work that draws on the shelf's thread.
  func draw<Value: Sendable>(
    _ work: @escaping @Sendable (LabelRenderer) throws -> Value
  ) async throws -> Value {
    try await run { [self] in try work(renderer()) }
  }

  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }

  // MARK: On the shelf's thread

  func shippedTemplates() throws -> [ShelfTemplate] {
    if let known = state.withLock({ $0.shipped }) { return known }
    let read = try LabelFolder.shipped().map {
      ShelfTemplate(id: $0.template.id, isOwn: false, drawing: .drawing($0.template))
    }
    state.withLock { $0.shipped = read }
    return read
  }

  private func renderer() throws -> LabelRenderer {
    if let made = state.withLock({ $0.renderer }) { return made }
    let renderer = try LabelRenderer()
    state.withLock { $0.renderer = renderer }
    return renderer
  }

  private func ownTemplates(besides shipped: [ShelfTemplate]) -> (templates: [ShelfTemplate], faults: [LabelFault]) {
    var templates: [ShelfTemplate] = []
    var faults: [LabelFault] = []
    let names: [String]
    do {
      names = try ownNames()
    } catch {
      return ([], [LabelFault(file: folder, line: nil, message: "cannot be read: \(error)")])
    }
    for name in names {
      do {
        guard !shipped.contains(where: { $0.id == name }) else {
          throw LabelFault(file: folder + "/" + name, line: nil, message: "has the name of a template that ships")
        }
        if let template = try ownTemplate(name) { templates.append(template) }
      } catch let fault as LabelFault {
        faults.append(fault)
      } catch {
        faults.append(LabelFault(file: folder + "/" + name, line: nil, message: "cannot be read: \(error)"))
      }
    }
    return (templates, faults)
  }

  private func ownNames() throws -> [String] {
    // A folder that is not there has nothing in it.
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder)
    let names = entries.map { $0.hasSuffix(".zpl") ? String($0.dropLast(4)) : $0 }
    return Set(names).filter(Self.isName).sorted()
  }

  private func ownTemplate(_ id: String) throws -> ShelfTemplate? {
    var isFolder: ObjCBool = false
    let path = folder + "/" + id
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return ShelfTemplate(id: id, isOwn: true, drawing: .drawing(try LabelFolder(path: path).template))
    }
    let file = path + ".zpl"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let data = try Data(contentsOf: URL(filePath: file))
    return ShelfTemplate(id: id, isOwn: true, drawing: .zpl(try Self.zpl(Array(data), file: file)))
  }

  /// Reads native ZPL; a fault names the line.
  static func zpl(_ bytes: [UInt8], file: String) throws(LabelFault) -> ZPLTemplate {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LabelFault(file: file, line: nil, message: "is not in UTF-8")
    }
    do {
      return try ZPLTemplate(text)
    } catch {
      throw LabelFault(file: file, line: error.line, message: error.message)
    }
  }
}
