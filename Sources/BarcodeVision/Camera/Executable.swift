import Glibc

/// A program of this machine, found as a shell would find it.
enum Executable {
  /// The first file of that name on `PATH` that may be run; nil when there is none.
  static func path(of name: String, in path: String? = getenv("PATH").map { String(cString: $0) }) -> String? {
    for folder in (path ?? "").split(separator: ":") {
      let candidate = "\(folder)/\(name)"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }
}
