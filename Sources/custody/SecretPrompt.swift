import Foundation
import Glibc

/// Asks for a secret on the terminal, which does not show it.
enum SecretPrompt {
  /// The most that is read.
  private static let longest = 256

  /// Asks; throws when there is no terminal, and when whoever is asked gives up (Ctrl-C, Ctrl-D).
  static func ask(_ question: String) throws -> String {
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else {
      throw Ending(
        2, "There is no terminal on which the PIN could be asked for.",
        remedy: "Give it by --pin-file FILE, or by --pin-file - on standard input.")
    }
    defer { close(terminal) }
    var before = termios()
    guard tcgetattr(terminal, &before) == 0 else { throw Ending(4, "The terminal cannot be asked: errno \(errno).") }
    var quiet = before
    // Ctrl-C is read as a sign that ends the line, so that the terminal shows again what is typed before the program ends.
    quiet.c_lflag &= ~tcflag_t(ECHO | ISIG)
    quiet.c_cc.11 = 3
    guard tcsetattr(terminal, TCSAFLUSH, &quiet) == 0 else {
      throw Ending(4, "The terminal cannot be kept from showing the PIN: errno \(errno).")
    }
    defer {
      tcsetattr(terminal, TCSAFLUSH, &before)
      tell(terminal, "\n")
    }
    tell(terminal, question)
    var line = [UInt8](repeating: 0, count: longest)
    var count = read(terminal, &line, longest)
    while count < 0, errno == EINTR { count = read(terminal, &line, longest) }
    let typed = line.prefix(max(0, count)).prefix { $0 != 0x0A && $0 != 0x0D }
    guard count > 0, !typed.contains(3) else { throw Ending(1, "Nobody was signed in.") }
    return String(decoding: typed, as: UTF8.self)
  }

  private static func tell(_ terminal: Int32, _ text: String) {
    let bytes = Array(text.utf8)
    // A terminal that is gone is found out by the read.
    _ = write(terminal, bytes, bytes.count)
  }
}
