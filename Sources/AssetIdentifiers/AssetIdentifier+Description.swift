extension AssetIdentifier: CustomStringConvertible {
  /// The normalised form, which means the same when it is scanned: `interpret(x.description)` has the same elements,
  /// fields or value as `x`. Of ``bytes(_:)`` one character a byte.
  public var description: String {
    switch self {
    case .assetTag(let tag): tag
    case .command(let command): "CUSTODY:CMD:\(command.rawValue)"
    case .location(let code): "CUSTODY:LOC:\(code)"
    case .order(let number): "CUSTODY:ORDER:\(number)"
    case .kit(let code): "CUSTODY:KIT:\(code)"
    case .badge(let token): "CUSTODY:BADGE:\(token)"
    case .gs1(let elements): elements.bracketed
    case .digitalLink(let link): link.uri
    case .epc(let epc): epc.uri
    case .iso15434(let message): message.text
    case .serial(let serial): serial.text
    case .mac(let address): address.description
    case .imei(let imei): imei.digits
    case .text(let text): text
    case .bytes(let bytes): bytes.text
    }
  }
}
