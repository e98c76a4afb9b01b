import AssetIdentifiers
import Custody
import ScannerProtocols

/// A scan that somebody made to see how a device reads: it is shown, and acted on by nobody.
struct ScanTest: Hashable, Sendable, Encodable {
  /// How long a scan is waited for.
  static let validMilliseconds: Int64 = 60_000

  /// When it ends without a scan.
  let until: Instant
  /// What stands on the label, where somebody said it.
  let expected: String?
  /// What came; nil while it is waited for.
  var result: Result?

  /// What the device made of the label.
  struct Result: Hashable, Sendable, Encodable {
    /// The text; nil of a badge, whose token is shown to nobody.
    let text: String?
    let symbologyIdentifier: String?
    /// Whether the end of the scan was seen, or only a silence.
    let terminated: Bool
    /// What it means: assetTag, gs1, epc, text …
    let kind: String?
    /// Whether it is what stands on the label; nil where nobody said what does.
    let isExpected: Bool?
    /// The layout with which it would be, where another one would do.
    let layout: String?
    /// What to do, where it is not as it should be.
    let remedy: String?
    let at: Instant
  }
}

extension ScanTest {
  /// What a scan says of the device; `scan` is what the desk would have taken it for.
  func result(of scanned: ScannedText, as scan: Scan, profile: DeviceProfile?, at moment: Instant) -> Result {
    let isExpected = expected.map { $0 == scanned.text }
    var layout: String?
    if isExpected == false, case .keyboard(let configuration)? = profile?.deviceProtocol {
      layout = fittingLayout(of: scanned, configuration)
    }
    var remedy: String?
    if let layout {
      remedy = "The scanner types for the layout \(layout): choose that one here, or set the scanner to another."
    } else if isExpected == false {
      remedy = "Check prefix and suffix here and in the scanner; if characters are missing, let it type more slowly."
    } else if !scanned.terminated {
      remedy =
        "No end of the scan was seen, only a pause: let the scanner send Enter behind each code, which is faster."
    }
    var kind: String?
    do throws(IdentifierError) {
      kind = try scan.splittingAIMPrefix().interpret().kind
    } catch {
      // What it means is another question than how it was read.
      kind = nil
    }
    return Result(
      text: scan.holdsBadge ? nil : scanned.text, symbologyIdentifier: scanned.symbologyIdentifier,
      terminated: scanned.terminated,
      kind: scan.holdsBadge ? "badge" : kind, isExpected: isExpected, layout: layout, remedy: remedy, at: moment)
  }

  /// The layout by which the same reports give what stands on the label.
  private func fittingLayout(of scan: ScannedText, _ configuration: KeyboardWedge.Configuration) -> String? {
    KeyboardLayout.all.first { layout in
      var other = configuration
      other.layout = layout
      var wedge = KeyboardWedge(deviceID: scan.deviceID, configuration: other)
      let length = KeyboardReport.length
      var actions: [ScannerAction] = []
      for start in stride(from: 0, to: scan.raw.count / length * length, by: length) {
        actions += wedge.receive(report: Array(scan.raw[start..<(start + length)]), at: .zero)
      }
      actions += wedge.tick(at: .seconds(3_600))
      return actions.contains { action in
        if case .scan(let read) = action { read.text == expected } else { false }
      }
    }?.name
  }
}
