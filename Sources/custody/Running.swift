import BarcodeVision
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Station
import StationStore

/// Runs services until SIGTERM or SIGINT, then lets them finish.
enum Running {
  static func logger(_ settings: Settings, label: String) throws -> Logger {
    let text = settings.text(.logLevel) ?? "notice"
    guard let level = Logger.Level(rawValue: text) else {
      throw Ending(
        2, "log.level is '\(text)'; it must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))."
      )
    }
    var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }

  static func run(_ services: [any Service], logger: Logger) async throws {
    let group = ServiceGroup(
      configuration: .init(
        services: services.map {
          // Also when one fails, such as by a port in use: a server that is cancelled while it accepts a connection
          // crashes the process (NIOAsyncWriter), and the reason would be lost.
          .init(
            service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    do {
      // The logger keeps the stream that it took when it was made.
      try await DecoderWarnings.discarded { try await group.run() }
    } catch let error as IOError {
      // Whatever a service reads or writes reports in its own words: what comes out bare is of listening.
      throw Ending(listening: nil, error)
    }
  }

  /// Says plainly that whoever is on the network can read along.
  static func warnOfClearText(on host: String, isSecure: Bool) {
    let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
    guard !isSecure, !isLoopback else { return }
    FileHandle.standardError.tell(
      """
      custody: \(host) is open to the network without TLS: badges, PINs and tokens can be read there.
      Serve over TLS with --tls or --tls-certificate and --tls-key, or say --proxy when a TLS proxy stands before it.

      """)
  }

  /// What a service tells when it is ready.
  static func say(_ text: String) { FileHandle.standardOutput.tell(text + "\n") }

  /// What a command was asked for. Throws when it cannot be written.
  static func answer(_ text: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }
}
