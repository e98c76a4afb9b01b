import CZBar
import Glibc

/// What the decoders' libraries write to standard error about damaged symbols: of use to their authors alone.
public enum DecoderWarnings {
  /// Runs the work while C libraries' warnings go nowhere. What is written to descriptor 2 itself still arrives, crash
  /// reports among it. For commands: what uses C's `stderr` at the same time has to have
  /// taken the stream before, as a logger does that exists already.
  public static func discarded(during work: () async throws -> Void) async throws {
    guard let nowhere = fopen("/dev/null", "we") else { return try await work() }
    let before = custody_replace_stderr(nowhere)
    // A thread of the reader that was given up may still hold the stream: it stays open.
    defer { _ = custody_replace_stderr(before) }
    try await work()
  }
}
