/// Where a station finds what at the centre, version 1 of the protocol. Paths begin at the centre's base address.
///
/// Every request carries `Authorization: Bearer TOKEN` and ``SyncHeader/protocolVersion``; every error is answered with
/// a ``Problem`` (RFC 9457).
public enum SyncRoute {
  /// GET: who the centre is and what it holds of the asking station → ``Hello``.
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
}

/// Names of the protocol's own header fields.
public enum SyncHeader {
  /// Which version of the protocol the sender speaks: a whole number. Stands in every request and every answer.
  public static let protocolVersion = "Custody-Protocol"
}

/// What both ends keep to.
public enum SyncLimits {
  /// The version of the protocol in this program.
  public static let protocolVersion = 1
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
  /// Longest wait of a long poll, in seconds.
  public static let pullWait = 30
}
