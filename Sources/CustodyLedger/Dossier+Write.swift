import Custody
import FoundationEssentials
import TamperEvidence

extension Dossier {
  /// Writes a dossier. `entries` must hold, for every asset, each of its events back to its first, and every statement
  /// about the keys of their stations; `consistency` a proof for every tree head that they say was seen. Whoever writes one
  /// verifies it before giving it away.
  ///
  /// `pending`: how many events are left out because the log was not known to hold them; the page for reading says it.
  public static func write(
    subject: DossierManifest.Subject, madeAt: Instant, checkpoint: SignedNote, entries: [Entry],
    consistency: [DossierManifest.Consistency] = [], blobs: [Blob] = [], withheld: [DossierManifest.Withheld] = [],
    openings: [DossierManifest.Opening] = [], pending: Int = 0
  ) throws -> [UInt8] {
    let manifest = DossierManifest(
      subject: subject, madeAt: madeAt, entries: entries.map { .init(index: Int($0.index), proof: $0.proof) },
      consistency: consistency,
      blobs: blobs.map { .init(digest: $0.digest, salt: $0.salt.map { Data($0).base64EncodedString() }) },
      withheld: withheld, openings: openings)
    let summary = DossierSummary(manifest: manifest, entries: entries.sorted { $0.index < $1.index }, pending: pending)
    var members = [
      StoredZip.Member(name: checkpointName, content: checkpoint.bytes[...]),
      StoredZip.Member(
        name: manifestName,
        content: try CanonicalEncoder().encode(manifest, limit: DossierManifest.maximumLength)[...]),
      StoredZip.Member(name: summaryName, content: Array(summary.html.utf8)[...]),
    ]
    members += entries.map { .init(name: entryName(Int($0.index)), content: $0.entry.bytes[...]) }
    members += blobs.map { .init(name: blobName($0.digest), content: $0.content[...]) }
    return try StoredZip(members).bytes()
  }
}

/// The dossier as a page for reading: no script, nothing fetched. It proves nothing, and says so.
struct DossierSummary {
  let html: String

  init(manifest: DossierManifest, entries: [Dossier.Entry], pending: Int) {
    var rows = ""
    for item in entries {
      rows += Self.row(item)
    }
    html = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Dossier: \(Self.escaped("\(manifest.subject)"))</title>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #111 }
      table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
      border-bottom: 1px solid #ccc; overflow-wrap: anywhere } th { white-space: nowrap }
      code { font-family: ui-monospace, monospace; font-size: .9em } .note { border-left: .4rem solid #b58900; padding-left: 1rem }
      </style></head><body>
      <h1>Custody of \(Self.escaped("\(manifest.subject)"))</h1>
      <p class="note">This page is for reading and proves nothing by itself. What is proved are the entries beside it: check
      them with <code>custody-audit verify DOSSIER --key VKEY</code>, the key taken from somebody you trust.</p>
      <p>Made \(manifest.madeAt). \(Self.count(entries.count, "entry", "entries")), \(Self.count(manifest.blobs.count, "file", "files")).
      Left out: \(Self.count(manifest.withheld.count, "file", "files")), and \(Self.count(pending, "event", "events")) that the log was not known to hold yet.</p>
      <table><thead><tr><th>Log entry</th><th>When (station's clock)</th><th>Station</th><th>What</th><th>From</th><th>To</th>
      <th>Operator</th><th>Event</th></tr></thead><tbody>
      \(rows)</tbody></table>
      \(Self.files(manifest))
      </body></html>

      """
  }

  private static func row(_ item: Dossier.Entry) -> String {
    func row(_ cells: [String]) -> String {
      "<tr>" + cells.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
    }
    let bytes = Array(item.entry.event)
    let index = String(item.index)
    do {
      let event = try CanonicalDecoder().decode(CustodyEvent.self, from: bytes)
      return row([
        index, event.wallClock.description, "\(event.site)/\(event.station)", event.verb.rawValue, words(event.from),
        words(event.to), event.operator?.description ?? "", event.eventID.description,
      ])
    } catch {
      if let cells = statement(bytes) { return row([index] + cells) }
      // Newer than this program, or damaged: what places it can still be shown.
      do {
        let header = try CanonicalDecoder().decode(EntryHeader.self, from: bytes)
        return row([index, "", "\(header.site)/\(header.station)", header.type, "", "", "", header.eventID])
      } catch {
        return row([index, "", "", "cannot be read", "", "", "", ""])
      }
    }
  }

  /// The cells of an entry that is about no asset; nil for what is none, or cannot be read.
  private static func statement(_ bytes: [UInt8]) -> [String]? {
    // What cannot be read is shown by its header.
    guard let statement = try? CanonicalDecoder().decode(StationStatement.self, from: bytes) else { return nil }
    var (what, who) = (statement.details.kind.rawValue, statement.operator?.description ?? "")
    if case .disposalOrder(let act) = statement.details {
      what = act.words
      who += act.witness.map { ", witness \($0.person)" } ?? ""
      who += act.approver.map { ", approved by \($0.person)" } ?? ""
    }
    return [
      statement.wallClock.description, statement.author, what, "", "", who, statement.eventID.description,
    ]
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  private static func files(_ manifest: DossierManifest) -> String {
    let rows =
      manifest.blobs.map { (digest: $0.digest, words: "blobs/\($0.digest)") }
      + manifest.withheld.map { (digest: $0.digest, words: "left out: \($0.reason)") }
    guard !rows.isEmpty else { return "" }
    return "<h2>Files</h2><table><thead><tr><th>As the event names it</th><th>Where</th></tr></thead><tbody>"
      + rows.map { "<tr><td><code>\(escaped($0.digest))</code></td><td>\(escaped($0.words))</td></tr>\n" }.joined()
      + "</tbody></table>"
  }

  private static func words(_ standing: Standing?) -> String {
    guard let standing else { return "" }
    let custodian: String? =
      switch standing.custodian {
      case .person(let person)?: "person \(person)"
      case .team(let team)?: team
      case .place(let place)?: place.description
      case nil: nil
      }
    return [standing.state.rawValue, custodian, standing.location?.description].compactMap(\.self).joined(
      separator: ", ")
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
