/// What the caller of a scanner's protocol is to do.
public enum ScannerAction: Hashable, Sendable {
  /// Hand the scan on.
  case scan(ScannedText)
  /// Tell the operator.
  case rejected(RejectedScan)
}
