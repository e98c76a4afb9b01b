import ArgumentParser
import CMalloc
import Foundation

/// The one command users run.
@main
struct CustodyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "custody",
    abstract: "Tracks IT assets by barcode and RFID, and proves who had them.",
    discussion: """
      Examples:
        custody demo                          a station with a centre and a small catalogue, on http://127.0.0.1:8080
        custody station --data /var/lib/custody --site HQ --station DESK-1
        custody read photo.jpg                the barcodes in a picture, as a line of JSON
        custody identify < scans.txt          what scanned texts and tags mean, a line of JSON each
        custody import assets.csv             take over an inventory
        custody label asset-tag-50x25-qr --field tag=AT-00042 --to tag.png
        custody export chain --out chain.bin  the exact bytes of the station's ledger, for custody-audit

      Exit status: 0 done; 1 refused or found wanting; 2 wrong usage; 3 cannot reach; 4 internal fault.
      """,
    version: CustodyVersion.text,
    subcommands: [
      StationCommand.self, CentralCommand.self, DemoCommand.self, ClusterCommand.self, ReadCommand.self,
      IdentifyCommand.self,
      ImportCommand.self,
      EraseCommand.self, ExportCommand.self, DevicesCommand.self, TagsCommand.self, LabelCommand.self,
      PrintersCommand.self,
      ExceptionsCommand.self, BackupCommand.self, RestoreCommand.self, AuditLogCommand.self,
    ])

  static func main() async {
    // glibc gives the top of a thread's heap back at every 128 KiB that are free, and each time interrupts all cores.
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let ending as Ending {
      ending.exit()
    } catch {
      // The parser's own status for wrong usage is 64; ours is 2, as most commands have it.
      let isHelp = exitCode(for: error) == .success
      let isUsage = isHelp || exitCode(for: error) == .validationFailure
      if isUsage {
        (isHelp ? FileHandle.standardOutput : .standardError).tell(fullMessage(for: error) + "\n")
        Foundation.exit(isHelp ? 0 : 2)
      }
      Ending(error).exit()
    }
  }
}

/// The program's version.
enum CustodyVersion {
  static let text = "0.1.0"
}
