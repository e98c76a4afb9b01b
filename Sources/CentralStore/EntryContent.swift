import Custody
import CustodyLedger
import TamperEvidence

/// What an entry's event says, as far as this program can read it.
public enum EntryContent: Hashable, Sendable {
  case event(CustodyEvent)
  /// Not about an asset: who may sign, where an epoch begins, that a person's data were erased, what a count came to,
  /// what was done with a disposal order.
  case statement(StationStatement)
  /// Of a type or version that this program does not know: only its place can be read.
  case unsupported(EntryHeader)
  /// Not a custody event at all, or a broken one; with its place if that can be read.
  case unreadable(EntryHeader?, reason: String)

  /// Reads the exact bytes of an event.
  public init(eventBytes: ArraySlice<UInt8>) {
    let bytes = Array(eventBytes)
    do {
      self = .event(try CanonicalDecoder().decode(CustodyEvent.self, from: bytes))
    } catch let fault {
      do {
        let header = try CanonicalDecoder().decode(EntryHeader.self, from: bytes)
        if header.v == StationStatement.version, StationStatement.Kind(rawValue: header.type) != nil {
          self = Self.statement(bytes, header)
          return
        }
        let isKnown = header.v == CustodyEvent.version && Verb(rawValue: header.type) != nil
        self = isKnown ? .unreadable(header, reason: fault.description) : .unsupported(header)
      } catch {
        self = .unreadable(nil, reason: error.description)
      }
    }
  }

  private static func statement(_ bytes: [UInt8], _ header: EntryHeader) -> EntryContent {
    do {
      return .statement(try CanonicalDecoder().decode(StationStatement.self, from: bytes))
    } catch {
      return .unreadable(header, reason: error.description)
    }
  }

  /// The event, where it can be read.
  public var event: CustodyEvent? {
    if case .event(let event) = self { event } else { nil }
  }

  /// The fields that place it in its chain.
  public var header: ChainHeader? {
    switch self {
    case .event(let event): ChainHeader(event)
    case .statement(let statement): ChainHeader(statement)
    case .unsupported(let header), .unreadable(.some(let header), _): ChainHeader(header)
    case .unreadable(nil, _): nil
    }
  }
}

/// What of an event the rules of a chain look at, the same for known and unknown types.
public struct ChainHeader: Hashable, Sendable {
  /// `site/station`, as in the name of the station's verifier key.
  public let station: String
  public let place: ChainPlace
  /// Nil where the text is no hash.
  public let prevHash: EntryHash?
  public let keyID: String

  init(_ event: CustodyEvent) {
    station = "\(event.site)/\(event.station)"
    place = ChainPlace(epoch: event.epoch, seq: event.seq)
    prevHash = EntryHash(hex: event.prevHash)
    keyID = event.keyID
  }

  init(_ statement: StationStatement) {
    station = statement.author
    place = statement.place
    prevHash = statement.prevHash
    keyID = statement.keyID
  }

  init(_ header: EntryHeader) {
    station = "\(header.site)/\(header.station)"
    place = ChainPlace(epoch: header.epoch, seq: header.seq)
    prevHash = header.prevHash
    keyID = header.keyID
  }
}
