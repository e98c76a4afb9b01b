import Foundation
import Logging
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
      try await group.run()
    } catch {
      if "\(error)".contains("bind") || "\(error)".contains("EADDRINUSE") || "\(error)".contains("errno: 98") {
        throw Ending(
          3, "The address is in use: another program listens there.",
          remedy: "Stop it, or choose another port with --port.")
      }
      throw error
    }
  }

  static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
