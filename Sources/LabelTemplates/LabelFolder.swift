import Foundation
import LabelDesign

/// A folder of `labels/`: a template, and the picture that it gives with its examples.
public struct LabelFolder: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// Its `template.svg` and `label.yaml`.
  public let template: LabelTemplate

  /// Its `golden.png`: the examples, a dot a pixel at 203 dpi; of a sheet, the first page.
  public var goldenPicture: String { path + "/golden.png" }

  /// Reads a folder.
  ///
  /// - Throws: `LabelFault`, naming file and line.
  public init(path: String) throws(LabelFault) {
    self.path = path
    let id = String(path.split(separator: "/").last ?? "")
    let yaml = path + "/label.yaml"
    let description = try LabelDescription(
      yaml: try Self.text(yaml, most: LabelDescription.maximumYAMLLength), file: yaml)
    let drawing = path + "/template.svg"
    template = try LabelTemplate(
      id: id, svg: try Self.text(drawing, most: LabelTemplate.maximumLength), description: description, file: drawing)
  }

  /// Every folder of a folder, ordered by name.
  ///
  /// - Throws: `LabelFault` for the first that cannot be used.
  public static func all(in path: String) throws(LabelFault) -> [LabelFolder] {
    var folders: [LabelFolder] = []
    for name in try names(in: path) { folders.append(try LabelFolder(path: path + "/" + name)) }
    return folders
  }

  /// The folders that come with the program.
  ///
  /// - Throws: `LabelFault` when the program was installed without them.
  public static func shipped() throws(LabelFault) -> [LabelFolder] { try all(in: shippedPath) }

  /// One of the folders that come with the program, by its name; nil when there is none of that name.
  public static func shipped(_ id: String) throws(LabelFault) -> LabelFolder? {
    guard try names(in: shippedPath).contains(id) else { return nil }
    return try LabelFolder(path: shippedPath + "/" + id)
  }

  /// The names of the folders that come with the program.
  public static func shippedNames() throws(LabelFault) -> [String] { try names(in: shippedPath) }

  private static var shippedPath: String { Bundle.module.bundlePath + "/labels" }

  private static func names(in path: String) throws(LabelFault) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw LabelFault(file: path, line: nil, message: "cannot be listed: \(error.localizedDescription)")
    }
    return names.sorted().filter { name in
      var isFolder: ObjCBool = false
      return !name.hasPrefix(".")
        && FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder) && isFolder.boolValue
    }
  }

  private static func text(_ file: String, most: Int) throws(LabelFault) -> String {
    let data: Data
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      guard attributes[.type] as? FileAttributeType == .typeRegular else {
        throw LabelFault(file: file, line: nil, message: "is no plain file")
      }
      guard attributes[.size] as? Int ?? 0 <= most else {
        throw LabelFault(file: file, line: nil, message: "has more than \(most) bytes")
      }
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch let fault as LabelFault {
      throw fault
    } catch {
      let isThere = FileManager.default.fileExists(atPath: file)
      throw LabelFault(
        file: file, line: nil, message: isThere ? "cannot be read: \(error.localizedDescription)" : "is missing")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw LabelFault(file: file, line: nil, message: "is not in UTF-8")
    }
    return text
  }
}
