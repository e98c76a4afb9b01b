import Foundation

/// `custody demo` on free ports, in a folder of its own.
struct Demo: Sendable {
  let program: Program
  let desk: String
  let centre: String

  static func run<Answer>(
    with further: [String] = [], environment: [String: String] = [:], _ body: (Demo) async throws -> Answer
  ) async throws -> Answer {
    try await withTemporaryFolder { try await run(in: $0, with: further, environment: environment, body) }
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
