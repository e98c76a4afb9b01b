import Dispatch
import Foundation
import LabelDesign
import LabelRendering
import LabelTemplates
import Synchronization

/// The label templates of a station: those that come with the program, and the site's own, which stand before them. What draws
/// them is opened at the first label.
final class LabelShelf: Sendable {
  /// The most templates of its own that a station keeps.
  static let mostOwn = 200

  /// The folder of the site's own templates; it is made when the first is put in.
  let folder: String
  private let renderer = Mutex<LabelRenderer?>(nil)
  private let pictures = Mutex<[String: (of: LabelTemplate, png: [UInt8])]>([:])
  private let queue = DispatchQueue(label: "custody.labels", qos: .userInitiated)

  init(folder: String) {
    self.folder = folder
  }

  /// Every template, ordered by name. A folder of the site's own that cannot be used is left out and told of.
  func all() throws -> (labels: [ShelvedLabel], faults: [LabelFault]) {
    var found: [String: ShelvedLabel] = [:]
    var faults: [LabelFault] = []
    for shipped in try LabelFolder.shipped() { found[shipped.template.id] = ShelvedLabel(shipped, isOwn: false) }
    for id in try ownNames() {
      do throws(LabelFault) {
        found[id] = ShelvedLabel(try LabelFolder(path: folder + "/" + id), isOwn: true)
      } catch {
        faults.append(error)
      }
    }
    return (found.values.sorted { $0.template.id < $1.template.id }, faults)
  }

  /// One template; nil when there is none of that name. Throws `LabelFault` for one of the site's own that cannot be used.
  func label(_ id: String) throws -> ShelvedLabel? {
    guard Self.isName(id) else { return nil }
    if try ownNames().contains(id) { return ShelvedLabel(try LabelFolder(path: folder + "/" + id), isOwn: true) }
    return try LabelFolder.shipped(id).map { ShelvedLabel($0, isOwn: false) }
  }

  /// Draws, on a thread that may wait; one at a time.
  func draw<Drawn: Sendable>(
    _ work: @escaping @Sendable (LabelRenderer) throws -> Drawn
  ) async throws -> Drawn {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [self] in
        continuation.resume(
          with: Result {
            let opened = try renderer.withLock { renderer in
              if let renderer { return renderer }
              let opened = try LabelRenderer()
              renderer = opened
              return opened
            }
            return try work(opened)
          })
      }
    }
  }

  /// What a template gives with its examples, for people: a PNG in colour, of a sheet the first page. Kept until the template is
  /// another.
  func picture(of label: ShelvedLabel) async throws -> LabelAnswer<[UInt8]> {
    let template = label.template
    if let kept = pictures.withLock({ $0[template.id] }), kept.of == template { return .made(kept.png) }
    let answer = try await draw { renderer -> LabelAnswer<[UInt8]> in
      switch renderer.fill(template, with: template.description.examples) {
      case .refused(let refusal): .refused(refusal)
      case .made(let document): try renderer.preview(of: document.pages[0])
      }
    }
    if case .made(let png) = answer { pictures.withLock { $0[template.id] = (template, png) } }
    return answer
  }

  /// Puts a template of the site's own on the shelf, in place of an earlier one of its name. One that cannot be used, or cannot be
  /// drawn with its own examples, is not taken: `LabelFault` names file and line.
  func put(_ id: String, svg: String, yaml: String) async throws -> ShelvedLabel {
    guard Self.isName(id) else {
      throw LabelFault(
        file: "name", line: nil, message: "'\(id.prefix(60))' is none: 1 to 60 small letters, digits and hyphens")
    }
    let names = try ownNames()
    guard names.contains(id) || names.count < Self.mostOwn else {
      throw LabelFault(file: "name", line: nil, message: "\(Self.mostOwn) templates are kept already; remove one")
    }
    let description = try LabelDescription(yaml: yaml, file: "label.yaml")
    let template = try LabelTemplate(id: id, svg: svg, description: description, file: "template.svg")
    let answer = try await draw { $0.fill(template, with: description.examples) }
    if case .refused(let refusal) = answer {
      throw LabelFault(
        file: refusal.box.map { "template.svg, \($0)" } ?? "label.yaml", line: nil,
        message: "its own examples do not fit: \(refusal)")
    }
    let path = folder + "/" + id
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(svg.utf8).write(to: URL(fileURLWithPath: path + "/template.svg"), options: .atomic)
    try Data(yaml.utf8).write(to: URL(fileURLWithPath: path + "/label.yaml"), options: .atomic)
    return ShelvedLabel(try LabelFolder(path: path), isOwn: true)
  }

  /// Takes a template of the site's own away; false when there is none of that name.
  func remove(_ id: String) throws -> Bool {
    guard Self.isName(id), try ownNames().contains(id) else { return false }
    try FileManager.default.removeItem(atPath: folder + "/" + id)
    return true
  }

  /// Whether a word can name a template: it is a folder's name and part of an address.
  static func isName(_ id: String) -> Bool {
    (1...60).contains(id.utf8.count) && !id.hasPrefix("-")
      && id.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }

  private func ownNames() throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter(Self.isName).sorted()
  }
}

/// A template on the shelf.
struct ShelvedLabel: Sendable {
  let template: LabelTemplate
  /// Its folder.
  let path: String
  /// Whether it is the site's own, and not one that comes with the program.
  let isOwn: Bool

  init(_ folder: LabelFolder, isOwn: Bool) {
    template = folder.template
    path = folder.path
    self.isOwn = isOwn
  }

  /// Whether it is a sheet of paper, and none that comes off a roll.
  var isSheet: Bool { template.description.size.height > 200 }
}

extension LabelRenderer {
  /// A page as a picture for people, no coarser than its symbols bear.
  func preview(of page: LabelPage) throws -> LabelAnswer<[UInt8]> {
    var last: LabelAnswer<[UInt8]>?
    let fits = page.size.width > 120 ? [PrintResolution.dpi203, .dpi300, .dpi600] : [.dpi300, .dpi600]
    for resolution in fits {
      let answer = try png(of: page, at: resolution)
      guard case .refused(let refusal) = answer, refusal.code == "label.symbol.doesNotFit" else { return answer }
      last = answer
    }
    return try last ?? png(of: page, at: .dpi300)
  }
}
