import CentralStore
import Foundation
import SyncProtocol

/// A snapshot that was made, as a command tells it.
public struct MadeSnapshot: Codable, Sendable {
  /// How many entries of the log are in it.
  public let size: UInt64
  /// Bytes that a new station fetches, and their SHA-256.
  public let length: UInt64
  public let digest: String
}

extension CentralServer {
  /// Makes a snapshot for new stations now.
  func makeSnapshot() async throws -> MadeSnapshot {
    guard let made = try await snapshots.make() else {
      throw Problem(
        status: 409, code: "central.snapshot.busy", title: "Being made", detail: "A snapshot is being made already.",
        remedy: "Wait until it is there.")
    }
    return MadeSnapshot(size: made.manifest.size, length: made.manifest.length, digest: made.manifest.digest)
  }
}

extension CentralControl {
  /// Makes a snapshot for new stations: in the running centre if there is one, else in its folder. Throws ``CentralRefusal``,
  /// ``CentralFault``.
  public static func makeSnapshot(dataFolder: String, database: CentralDatabase? = nil) async throws -> MadeSnapshot {
    // A folder that is mistyped must not become a new centre.
    _ = try logKey(dataFolder: dataFolder)
    return try await withCentre(dataFolder, database) { server in
      do {
        return try await server.makeSnapshot()
      } catch let problem as Problem {
        throw CentralRefusal(problem)
      }
    } running: { socket, folder, owner in
      try await post("/snapshot", [], by: socket, folder: folder, owner: owner)
    }
  }

  /// Has the running centre do something and reads its answer. Throws ``CentralRefusal`` for a problem.
  static func post<Answer: Decodable>(
    _ uri: String, _ body: [UInt8], by socket: String, folder: String, owner: String
  ) async throws -> Answer {
    let (status, bytes) = try await ask(uri, by: socket, folder: folder, owner: owner, limit: 1 << 28, post: body)
    do {
      if status == 200 { return try JSONDecoder().decode(Answer.self, from: Data(bytes)) }
      throw CentralRefusal(try JSONDecoder().decode(Problem.self, from: Data(bytes)))
    } catch let error as DecodingError {
      throw CentralFault.unreachable(path: socket, reason: "\(owner) answered with status \(status): \(error)")
    }
  }
}
