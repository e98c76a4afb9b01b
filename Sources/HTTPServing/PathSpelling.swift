/// How the path of a request is spelled.
///
/// Hummingbird's router drops empty components: `/assets`, `/assets/` and `//assets` are one route to it, while roles, limits
/// and records, which go by a path's text, take them for three. It decodes no percent-encoding and resolves no dots, so that
/// `%2F` and `..` are to it, too, what they are to everybody else: text of a component.
public enum PathSpelling {
  /// Whether a path begins with a slash, has no empty component, and ends in no slash unless it is `/`.
  public static func isPlain(_ path: String) -> Bool {
    let slash = UInt8(ascii: "/")
    guard path.utf8.first == slash else { return false }
    var before = slash
    for byte in path.utf8.dropFirst() {
      if byte == slash, before == slash { return false }
      before = byte
    }
    return before != slash || path.utf8.count == 1
  }
}
