import Custody

extension DossierManifest.Subject {
  /// Whether an event is one of those that the dossier is about: of the asset; of an asset under the order, because the event
  /// names it; or within the period, by its station's clock. `event` is an event's exact bytes; others concern nothing.
  ///
  /// An event names an order as its `details.order` or as the order of `details.facts.orderLine` or
  /// `details.set.orderLine`.
  public func isAbout(event bytes: ArraySlice<UInt8>) -> Bool {
    do throws(CanonicalCodingError) {
      return isAbout(try CanonicalDecoder().decode(EventLinks.self, from: bytes), bytes)
    } catch {
      return false
    }
  }

  func isAbout(_ links: EventLinks, _ bytes: ArraySlice<UInt8>) -> Bool {
    guard let asset = links.asset else { return false }
    switch self {
    case .asset(let wanted): return asset == wanted
    case .period(let from, let to): return links.wallClock.map { from <= $0 && $0 < to } ?? false
    case .order(let order): return Self.orders(in: bytes).contains { $0.utf8.elementsEqual(order.utf8) }
    }
  }

  private static func orders(in bytes: ArraySlice<UInt8>) -> [String] {
    let event: CanonicalJSON
    do throws(CanonicalJSONError) {
      event = try CanonicalJSON(bytes: Array(bytes))
    } catch {
      return []
    }
    let details = member("details", of: event)
    return [
      member("order", of: details),
      member("order", of: member("orderLine", of: member("facts", of: details))),
      member("order", of: member("orderLine", of: member("set", of: details))),
    ].compactMap { value in
      if case .string(let text)? = value { text } else { nil }
    }
  }

  private static func member(_ name: String, of value: CanonicalJSON?) -> CanonicalJSON? {
    if case .object(let object)? = value { object[name] } else { nil }
  }
}

/// The asset that an event is about, whatever its type; nil where that cannot be read.
public func assetOfEvent(_ bytes: ArraySlice<UInt8>) -> AssetID? {
  do throws(CanonicalCodingError) {
    return try CanonicalDecoder().decode(EventLinks.self, from: bytes).asset
  } catch {
    return nil
  }
}
