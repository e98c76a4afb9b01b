import Synchronization

/// Files that were uploaded to be looked at before they are imported: the newest few, in memory, for a file of people may hold
/// PINs. Each is for who uploaded it, and is given out once; one that went by is chosen again.
final class PendingImports: Sendable {
  /// Largest file that is taken on a page, bytes; a larger one goes by the API or by `custody import`.
  static let largest = 8 << 20
  private static let most = 8

  private struct Waiting {
    let kind: CatalogueImport.Kind
    let file: ImportFile
    /// The sign-in that it belongs to.
    let token: String
  }

  private let waiting = Mutex<[Waiting]>([])

  /// Keeps a file until it is taken.
  func add(_ file: ImportFile, _ kind: CatalogueImport.Kind, for token: String) {
    waiting.withLock { waiting in
      waiting.removeAll { $0.token == token && $0.kind == kind }
      waiting.append(Waiting(kind: kind, file: file, token: token))
      if waiting.count > Self.most { waiting.removeFirst() }
    }
  }

  /// The file with this SHA-256, which is gone then; nil when it is not here any longer, or is somebody else's.
  func take(_ digest: String, _ kind: CatalogueImport.Kind, for token: String) -> ImportFile? {
    waiting.withLock { waiting in
      let index = waiting.firstIndex { $0.token == token && $0.kind == kind && $0.file.digest == digest }
      return index.map { waiting.remove(at: $0).file }
    }
  }
}
