/// What a custody event records beyond its envelope: one documented schema per type, one file each under `Details/`.
public enum EventDetails: Hashable, Sendable {
  case expect(ExpectDetails)
  case register(RegisterDetails)
  case amend(AmendDetails)
  case bind(BindDetails)
  case unbind(BindDetails)
  case attach(AttachDetails)
  case detach(AttachDetails)
  case receive(ReceiveDetails)
  case deploy(DeployDetails)
  case transfer(TransferDetails)
  case `return`(ReturnDetails)
  case triage(TriageDetails)
  case repairOut(RepairOutDetails)
  case repairIn(RepairInDetails)
  case ship(ShipDetails)
  case arrive(ArriveDetails)
  case retire(RetireDetails)
  case sanitize(SanitizeDetails)
  case dispose(DisposeDetails)
  case declareMissing(MissingDetails)
  case found(FoundDetails)
  case correct(CorrectDetails)
  case label(LabelDetails)
  case proveLabel(ProveLabelDetails)
  case settle(SettleDetails)

  /// The type of the event.
  public var verb: Verb {
    switch self {
    case .expect: .expect
    case .register: .register
    case .amend: .amend
    case .bind: .bind
    case .unbind: .unbind
    case .attach: .attach
    case .detach: .detach
    case .receive: .receive
    case .deploy: .deploy
    case .transfer: .transfer
    case .return: .return
    case .triage: .triage
    case .repairOut: .repairOut
    case .repairIn: .repairIn
    case .ship: .ship
    case .arrive: .arrive
    case .retire: .retire
    case .sanitize: .sanitize
    case .dispose: .dispose
    case .declareMissing: .declareMissing
    case .found: .found
    case .correct: .correct
    case .label: .label
    case .proveLabel: .proveLabel
    case .settle: .settle
    }
  }

  /// The marks that it brings to the asset.
  public var identifiers: [BoundIdentifier] {
    switch self {
    case .expect(let details): details.identifiers
    case .register(let details): details.identifiers
    case .receive(let details): details.identifiers
    case .bind(let details): [details.identifier]
    default: []
    }
  }

  /// Decodes the schema that belongs to `verb` from the `key` of a container.
  public init<Key: CodingKey>(_ verb: Verb, from container: KeyedDecodingContainer<Key>, forKey key: Key) throws {
    func decode<Details: Decodable>() throws -> Details { try container.decode(Details.self, forKey: key) }
    self =
      switch verb {
      case .expect: .expect(try decode())
      case .register: .register(try decode())
      case .amend: .amend(try decode())
      case .bind: .bind(try decode())
      case .unbind: .unbind(try decode())
      case .attach: .attach(try decode())
      case .detach: .detach(try decode())
      case .receive: .receive(try decode())
      case .deploy: .deploy(try decode())
      case .transfer: .transfer(try decode())
      case .return: .return(try decode())
      case .triage: .triage(try decode())
      case .repairOut: .repairOut(try decode())
      case .repairIn: .repairIn(try decode())
      case .ship: .ship(try decode())
      case .arrive: .arrive(try decode())
      case .retire: .retire(try decode())
      case .sanitize: .sanitize(try decode())
      case .dispose: .dispose(try decode())
      case .declareMissing: .declareMissing(try decode())
      case .found: .found(try decode())
      case .correct: .correct(try decode())
      case .label: .label(try decode())
      case .proveLabel: .proveLabel(try decode())
      case .settle: .settle(try decode())
      }
  }

  /// Encodes under `key` of a container: the exact inverse of `init(_:from:forKey:)` for the same verb.
  public func encode<Key: CodingKey>(to container: inout KeyedEncodingContainer<Key>, forKey key: Key) throws {
    switch self {
    case .expect(let details): try container.encode(details, forKey: key)
    case .register(let details): try container.encode(details, forKey: key)
    case .amend(let details): try container.encode(details, forKey: key)
    case .bind(let details), .unbind(let details): try container.encode(details, forKey: key)
    case .attach(let details), .detach(let details): try container.encode(details, forKey: key)
    case .receive(let details): try container.encode(details, forKey: key)
    case .deploy(let details): try container.encode(details, forKey: key)
    case .transfer(let details): try container.encode(details, forKey: key)
    case .return(let details): try container.encode(details, forKey: key)
    case .triage(let details): try container.encode(details, forKey: key)
    case .repairOut(let details): try container.encode(details, forKey: key)
    case .repairIn(let details): try container.encode(details, forKey: key)
    case .ship(let details): try container.encode(details, forKey: key)
    case .arrive(let details): try container.encode(details, forKey: key)
    case .retire(let details): try container.encode(details, forKey: key)
    case .sanitize(let details): try container.encode(details, forKey: key)
    case .dispose(let details): try container.encode(details, forKey: key)
    case .declareMissing(let details): try container.encode(details, forKey: key)
    case .found(let details): try container.encode(details, forKey: key)
    case .correct(let details): try container.encode(details, forKey: key)
    case .label(let details): try container.encode(details, forKey: key)
    case .proveLabel(let details): try container.encode(details, forKey: key)
    case .settle(let details): try container.encode(details, forKey: key)
    }
  }
}
