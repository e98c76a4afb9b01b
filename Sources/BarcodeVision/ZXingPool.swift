import Glibc
import Synchronization

/// The children in which zxing-cpp decodes: as many as decode at the same time, started at need and kept.
///
/// A child that dies or takes too long costs the answer that it owed, and a new one is started for the next. Without the
/// program, reading goes on with zbar alone.
final class ZXingPool: Sendable {
  /// The pool of this process, with the program beside the running one.
  static let shared = ZXingPool(path: beside(program: "custody-zxing"))

  /// The program.
  let path: String?
  private let children = Mutex(Children())

  private struct Children {
    var idle: [ZXingChild] = []
    var busy: [ZXingChild] = []
  }

  /// A pool of children that run the program at `path`; one that never answers when that is `nil`.
  init(path: String?) { self.path = path }

  /// Whether the program is there.
  var isAvailable: Bool { path.map { access($0, X_OK) == 0 } ?? false }

  /// The process ids of the children, at work or not.
  var processes: (idle: [Int32], busy: [Int32]) {
    children.withLock { ($0.idle.map(\.process), $0.busy.map(\.process)) }
  }

  /// The symbols that zxing-cpp finds in the frame, or `nil` when there was no answer: no program, a child that died of
  /// this frame, or one that took longer than `limit`: see ``ZXingChild/Patience``. Blocks.
  func symbols(in frame: GrayFrame, _ request: ZXingChild.Request, within limit: Duration) -> [Symbol]? {
    switch answer(to: frame, request, within: limit) {
    case .success(let symbols): return symbols
    case .failure(.late), .failure(.unavailable): return nil
    case .failure(.died):
      // Of this frame, or because somebody ended it. GS1 DataBar, of whose frames libzxing 1.4 dies, is left out.
      var careful = request
      if request.formats == .any { careful.formats = .anyButDataBar }
      return try? answer(to: frame, careful, within: limit).get()
    }
  }

  private func answer(
    to frame: GrayFrame, _ request: ZXingChild.Request, within limit: Duration
  ) -> Result<[Symbol], ZXingChild.Fault> {
    guard let child = take() else { return .failure(.unavailable) }
    let answer = Result { () throws(ZXingChild.Fault) in try child.symbols(in: frame, request, within: limit) }
    children.withLock { children in
      children.busy.removeAll { $0 === child }
      // One that has failed goes with its last owner, which ends it.
      if case .success = answer { children.idle.append(child) }
    }
    return answer
  }

  /// A child that is free and runs, or a new one; it counts as busy from now on.
  private func take() -> ZXingChild? {
    while let child = children.withLock({ $0.idle.popLast() }) {
      guard child.isAlive else { continue }
      children.withLock { $0.busy.append(child) }
      return child
    }
    guard let child = path.flatMap({ ZXingChild(path: $0) }) else { return nil }
    children.withLock { $0.busy.append(child) }
    return child
  }

  /// The file of that name in the directory of the running program.
  private static func beside(program name: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0, let slash = buffer[..<count].lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return String(decoding: buffer[...slash], as: UTF8.self) + name
  }
}
