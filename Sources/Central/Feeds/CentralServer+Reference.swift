import CentralStore
import Foundation
import SyncProtocol

extension CentralServer {
  /// Most things that a centre rules: a bound on an import's memory.
  private static let mostItems = 2_000_000

  /// All reference data as it is, with its pepper, which is made when there is none: for an import.
  func wholeReference() async throws -> ReferencePage {
    var whole = ReferencePage(version: 0, more: false, items: [])
    while true {
      let page = try await store.reference(after: whole.version, limit: SyncLimits.referenceItems)
      whole.items += page.items
      whole.version = page.version
      if !page.more || whole.items.count > Self.mostItems { break }
    }
    let isNeeded = whole.items.contains { ["badge", "pin"].contains($0.kind) && $0.value != nil }
    whole.pepper = Data(try PepperFile.readOrMake(in: configuration.dataFolder, isNeeded: isNeeded))
      .base64EncodedString()
    return whole
  }
}

extension CentralControl {
  /// All reference data of a centre: of the running one if there is one, else of its folder. Throws ``CentralRefusal``,
  /// ``CentralFault``.
  public static func reference(dataFolder: String, database: CentralDatabase? = nil) async throws -> ReferencePage {
    // A folder that is mistyped must not become a new centre.
    _ = try logKey(dataFolder: dataFolder)
    return try await withCentre(dataFolder, database) { server in
      try await server.wholeReference()
    } running: { socket, folder, owner in
      try await post("/reference", [], by: socket, folder: folder, owner: owner)
    }
  }

  /// Changes reference data, all or none; gives back the newest version.
  public static func changeReference(
    _ changes: [ReferenceChange], dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> Int64 {
    try await withCentre(dataFolder, database) { server in
      try await server.store.changeReference(changes)
    } running: { socket, folder, owner in
      try await post(
        "/reference/change", Array(try JSONEncoder().encode(changes)), by: socket, folder: folder, owner: owner)
    }
  }
}
