import CLibPQ
import CentralStore

/// libpq, opened when it is first needed.
struct LibPQ: @unchecked Sendable {
  // Sendable: addresses of functions, constant once they are found.
  let functions: custody_pq

  private static let opened: Result<LibPQ, CentralFault> = {
    var functions = custody_pq()
    if let missing = custody_pq_open(&functions) {
      return .failure(
        .unreachable(path: String(cString: missing), reason: "it is not there; the Debian package libpq5 has it"))
    }
    return .success(LibPQ(functions: functions))
  }()

  static func shared() throws(CentralFault) -> LibPQ { try opened.get() }
}
