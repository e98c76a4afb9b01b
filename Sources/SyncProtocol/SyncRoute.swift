import Crypto
import FoundationEssentials

/// Where a station finds what at the centre. The addresses are the same in all versions of the protocol. Paths begin at the
/// centre's base address.
///
/// Every request but an enrolment carries `Authorization: Bearer TOKEN` and ``SyncHeader/protocolVersion``; every error is
/// answered with a ``Problem`` (RFC 9457). TOKEN is a ``RequestClaims`` token that the station's request key signs for this one
/// request; of stations that were enrolled by `custody central enrol` it is the token that this printed.
public enum SyncRoute {
  /// POST: an ``EnrolmentRequest`` in JSON → ``EnrolmentResult``. The code in it is all that lets it in.
  public static let enrol = "/sync/v1/enrol"
  /// GET `?epoch=EPOCH&seq=SEQ&head=HASH`: who the centre is and what it holds of the asking station, whose chain ends there
  /// → ``Hello``. Without the query it does not say how they stand.
  public static let hello = "/sync/v1/hello"
  /// POST: an ``EntryBundle`` in `application/octet-stream` → ``PushAnswer``. A retry of the same bytes is harmless.
  public static let push = "/sync/v1/push"
  /// GET `?after=INDEX&limit=COUNT&wait=SECONDS`: what the log holds after an index → ``PulledEntry`` lines in
  /// `application/x-ndjson`. Without anything to give, the answer waits so many seconds and may be empty.
  public static let entries = "/sync/v1/entries"
  /// GET: the centre's log as a C2SP tlog-tiles log; what stands below is a `LogPath`. With the station's token, where reading
  /// needs one.
  public static let log = "/log"
  /// POST: a ``TagNumberRequest`` in JSON → ``TagNumbers``: numbers of asset tags that no other station gets. The same
  /// request again is answered with the same numbers.
  public static let tagNumbers = "/sync/v1/tag-numbers"
  /// GET: the ``SnapshotManifest`` of the newest snapshot, a signed note; 404 while there is none. Below it, by the digest in
  /// the manifest, the packed snapshot itself, of which any range is given (RFC 9110 §14).
  public static let snapshot = "/sync/v1/snapshot"
  /// GET `?asset=ID&after=INDEX`: the entries about an asset that count, as ``PulledEntry`` lines.
  public static let history = "/sync/v1/history"
  /// GET `?after=VERSION`: what became of people, places and orders → ``ReferencePage``.
  public static let reference = "/sync/v1/reference"
  /// Below it, by digest: GET any range of a file that an event names; POST `?event=ID&offset=N` the next part of one →
  /// ``BlobStanding``. With `/standing` behind it, GET how much of it is here.
  public static let blobs = "/sync/v1/blobs"
}

/// Names of the protocol's own header fields.
public enum SyncHeader {
  /// Which version of the protocol the sender speaks: a whole number. Stands in every request and every answer.
  public static let protocolVersion = "Custody-Protocol"
  /// The one-time ratchet of a push: what the answer before it gave, or ``firstRatchet``. Stations of older programs send none.
  public static let ratchet = "Custody-Ratchet"
  /// The ratchet of a station that has none yet.
  public static let firstRatchet = "first"
  /// A signed ``CentreTime``, with every answer of 401 to a token that can be read.
  public static let time = "Custody-Time"
}

/// What both ends keep to.
public enum SyncLimits {
  /// The version of the protocol in this program. Version 2 added the snapshot, histories, reference data, files, and the
  /// status ``PushStatus/contested``.
  public static let protocolVersion = 2
  /// The versions that it speaks: its own and the two before it.
  public static let protocolVersions = Array(max(1, protocolVersion - 2)...protocolVersion)
  /// Most entries of one push.
  public static let pushEntries = 500
  /// Most bytes of one push: 1 MiB.
  public static let pushBytes = 1 << 20
  /// Most entries of one pulled page; also how many there are when none is asked for.
  public static let pullEntries = 1_000
  /// A pulled page ends once its entries have so many bytes before base64: 1 MiB. It always has one entry if any.
  public static let pullBytes = 1 << 20
  /// Most numbers of asset tags that are given away at once.
  public static let tagNumbers = 10_000
  /// Most bytes of one part of a snapshot that a station asks for: 4 MiB.
  public static let snapshotPart: UInt64 = 4 << 20
  /// Most things of one page of reference data.
  public static let referenceItems = 1_000
  /// Longest wait of a long poll, in seconds.
  public static let pullWait = 30
}

/// The ratchet that came with a push: 24 random hexadecimal digits, and 8 of their SHA-256, so that one that was damaged on its
/// way is not taken for a clone's.
public enum PresentedRatchet: Hashable, Sendable {
  /// No header field: of an older program.
  case absent
  /// ``SyncHeader/firstRatchet``.
  case first
  case value(String)

  /// Reads the header field; nil for what no centre gave.
  public init?(_ field: String?) {
    switch field {
    case nil: self = .absent
    case SyncHeader.firstRatchet?: self = .first
    case let text? where text.utf8.count == 32 && text.hasSuffix(Self.check(String(text.prefix(24)))):
      self = .value(text)
    default: return nil
    }
  }

  /// A new ratchet of random bytes, at least 12.
  public static func make(random: [UInt8]) -> String {
    let digits = Self.digits(random.prefix(12))
    return digits + check(digits)
  }

  private static func check(_ digits: String) -> String { Self.digits(SHA256.hash(data: Data(digits.utf8)).prefix(4)) }

  private static func digits(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
