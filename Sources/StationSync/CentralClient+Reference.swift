import SyncProtocol

extension CentralClient {
  /// What became of the centre's people, places and orders after a version.
  public func reference(after version: Int64) async throws(SyncError) -> ReferencePage {
    let page: ReferencePage = try decode(
      try await exchange(request("\(SyncRoute.reference)?after=\(version)")))
    guard page.version >= version, page.items.count <= SyncLimits.referenceItems,
      page.items.allSatisfy({ $0.version > version && $0.version <= page.version }), !page.more || !page.items.isEmpty
    else { throw .protocol(reason: "its reference data after version \(version) ends at \(page.version)") }
    return page
  }
}
