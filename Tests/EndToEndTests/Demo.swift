import Foundation

/// `custody demo` on free ports, in a folder of its own.
struct Demo: Sendable {
  let program: Program
  let desk: String
  let centre: String

  static func run<Answer>(
    with further: [String] = [], environment: [String: String] = [:], _ body: (Demo) async throws -> Answer
  ) async throws -> Answer {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      try await DemoCatalogueCopy.shared.put(at: data)
      return try await run(in: data, with: further, environment: environment, body)
    }
  }

  /// In a folder that may be an earlier run's.
  static func run<Answer>(
    in folder: URL, with further: [String] = [], environment: [String: String] = [:],
    _ body: (Demo) async throws -> Answer
  ) async throws -> Answer {
    try await Program.custody(
      ["demo", "--data", folder.path, "--port", "0", "--usb", "false"] + further, environment: environment
    ) { program in
      try await body(try await started(program))
    }
  }

  /// What a started demo prints: where it is.
  static func started(_ program: Program) async throws -> Demo {
    let desk = try await program.prints(/Desk +(http:\S+)\//)
    return Demo(program: program, desk: desk, centre: try await program.prints(/Centre +(http:\S+)\//))
  }
}

/// A demo's data as its first start makes them, made once for the whole run: signing the catalogue takes seconds in a debug build.
actor DemoCatalogueCopy {
  static let shared = DemoCatalogueCopy()
  private var making: Task<URL, any Error>?

  /// Puts a copy at a path where nothing is.
  func put(at folder: URL) async throws {
    let making =
      self.making
      ?? Task {
        let made = FileManager.default.temporaryDirectory.appending(path: "custody-e2e-catalogue-\(getpid())")
        // Of an earlier process with the same number.
        if FileManager.default.fileExists(atPath: made.path) { try FileManager.default.removeItem(at: made) }
        try await Demo.run(in: made) { _ in }
        return made
      }
    self.making = making
    try FileManager.default.copyItem(at: try await making.value, to: folder)
  }
}
