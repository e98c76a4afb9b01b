import ScannerProtocols
import StationStore

extension StationCore {
  /// How many passages one transaction keeps: a scan waits behind no more than that.
  private static let together = 100

  /// Keeps the passages that have come since; those that cannot be kept now wait for the next time.
  func keepPassages() async {
    let (passages, lost) = tags.takeUnkept()
    if lost > 0 { logger.error("passages through doors were lost", metadata: ["count": "\(lost)"]) }
    var rest = passages[...]
    do {
      while !rest.isEmpty {
        let part = rest.prefix(Self.together)
        try await store.write { [self] transaction in
          let presenter = TagPresenter(core: self, snapshot: transaction)
          for each in part { try transaction.keep(try presenter.kept(each)) }
          try transaction.prunePassages()
        }
        rest = rest.dropFirst(part.count)
      }
      if !passages.isEmpty { tags.keepingWorks() }
    } catch {
      if tags.putBack(Array(rest)) {
        logger.error("passages through doors cannot be kept at present", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Takes away the passages that are kept no longer.
  func prunePassages() async {
    do {
      while try await store.write({ try $0.prunePassages() }) > 0 {}
    } catch {
      logger.warning("old passages could not be taken away", metadata: ["error": "\(error)"])
    }
  }
}

extension TagPresenter {
  /// A passage as it is kept, with the asset that the tag belongs to now.
  fileprivate func kept(_ each: TagPassage) throws -> KeptPassage {
    KeptPassage(
      at: instant(each.passage.at), doorway: each.doorway, isInside: each.passage.to == .inside,
      epc: each.passage.epc, asset: try asset(each.passage.epc)?.id)
  }
}
