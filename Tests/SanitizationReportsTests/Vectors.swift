import Custody
import Foundation
import Testing

@testable import SanitizationReports

/// The files of Tests/Vectors/SanitizationReports.
enum Vectors {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Vectors/SanitizationReports")

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// A file as it is uploaded; `.txt` of nwipe is the text of its PDF.
  static func file(_ name: String) throws -> ReportFile {
    let bytes = try bytes(name)
    guard name.hasPrefix("nwipe/"), name.hasSuffix(".txt") else { return ReportFile(name: name, bytes: bytes) }
    return ReportFile(name: name, bytes: Array("%PDF-1.3".utf8), text: String(decoding: bytes, as: UTF8.self))
  }

  static var all: [String] {
    get throws {
      try ["nwipe", "nvme", "hdparm", "blancco", "csv"].flatMap { part in
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(part).path).map {
          "\(part)/\($0)"
        }
      }.sorted()
    }
  }
}

func read(_ names: String..., circumstances: ReadingCircumstances = .init()) throws -> [ReadFile] {
  WipeReports.read(try names.map(Vectors.file), circumstances)
}

func read(text: String, name: String = "report", _ circumstances: ReadingCircumstances = .init()) -> ReadFile {
  WipeReports.read([ReportFile(name: name, bytes: Array(text.utf8))], circumstances)[0]
}

/// The only report of the only file.
func report(_ name: String) throws -> WipeReport {
  let reports = try #require(try read(name)[0].reports, "\(name) is refused")
  try #require(reports.count == 1)
  return reports[0]
}

func fault(_ name: String) throws -> ReportFault { try #require(try read(name)[0].fault, "\(name) is taken") }

extension ReadFile {
  var reports: [WipeReport]? { if case .reports(let reports) = self { reports } else { nil } }
  var fault: ReportFault? { if case .refused(let fault) = self { fault } else { nil } }
}
