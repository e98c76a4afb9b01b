import Crypto
import FoundationEssentials

/// How a message says who sent it: the symmetric scheme of Standard Webhooks 1.0 (HMAC-SHA256 over id, time and body). Any of that
/// project's libraries verifies it.
public struct WebhookSignature: Hashable, Sendable {
  /// `webhook-id`: the same for every try of one message.
  public let id: String
  /// `webhook-timestamp`: seconds since 1970 of this try; receivers refuse what is more than five minutes off.
  public let timestamp: Int64
  /// `webhook-signature`.
  public let value: String

  /// Signs a message. The id has no full stop, which parts what is signed.
  public init(id: String, timestamp: Int64, body: [UInt8], secret: WebhookSecret) {
    self.id = id
    self.timestamp = timestamp
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(id).\(timestamp).".utf8) + body, using: SymmetricKey(data: secret.bytes))
    value = "v1," + Data(code).base64EncodedString()
  }

  /// The three headers.
  public var headers: [(name: String, value: String)] {
    [("webhook-id", id), ("webhook-timestamp", String(timestamp)), ("webhook-signature", value)]
  }
}

/// The secret that a sender shares with one receiver: 24 to 64 bytes, written `whsec_` and base64.
public struct WebhookSecret: Hashable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  /// A secret of these bytes; nil when they are too few or too many.
  public init?(bytes: [UInt8]) {
    guard (24...64).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Reads `whsec_…`; nil when it is malformed.
  public init?(_ text: String) {
    guard text.hasPrefix("whsec_"), let data = Data(base64Encoded: String(text.dropFirst(6))) else { return nil }
    self.init(bytes: Array(data))
  }

  /// `whsec_…`: whoever has it can sign.
  public var description: String { "whsec_" + Data(bytes).base64EncodedString() }
}
