extension CatalogueExport {
  /// What can be taken along whole, as CSV or JSON.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case assets, events, people, orders, locations, kits, consumables
  }

  /// Writes all of a kind. Gives back how many.
  /// - Parameter withAccess: people with what they may do, see ``people(as:matching:withAccess:to:)``.
  @discardableResult
  public func write(_ kind: Kind, as format: Format, withAccess: Bool, to sink: Sink) async throws -> Int {
    switch kind {
    case .assets: try await assets(as: format, to: sink)
    case .events: try await events(as: format, to: sink)
    case .people: try await people(as: format, withAccess: withAccess, to: sink)
    case .orders: try await orders(as: format, to: sink)
    case .locations: try await locations(as: format, to: sink)
    case .kits: try await kits(as: format, to: sink)
    case .consumables: try await consumables(as: format, to: sink)
    }
  }
}
