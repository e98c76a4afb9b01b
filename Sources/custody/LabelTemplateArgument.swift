import LabelDesign
import LabelTemplates

/// Finds templates as the command line names them.
enum LabelTemplateArgument {
  /// A template by its name, or the path of its folder.
  static func template(_ text: String) throws -> LabelFolder {
    if text.contains("/") { return try LabelFolder(path: text.hasSuffix("/") ? String(text.dropLast()) : text) }
    if let folder = try LabelFolder.shipped(text) { return folder }
    let near = try LabelFolder.shippedNames().filter { $0.contains(text) || text.contains($0) }
    throw Ending(
      1, "There is no template \(text).",
      remedy: near.isEmpty
        ? "`custody label list` shows those that there are; a folder of yours needs a path, such as ./\(text)."
        : "Did you mean \(near.joined(separator: ", "))?")
  }
}
