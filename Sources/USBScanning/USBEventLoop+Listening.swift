import CLibUSB
import ScannerProtocols

/// Devices on a serial line that nobody has adopted are listened to.
extension USBEventLoop {
  /// Who is told of new serial ports, and opens them, does so meanwhile.
  private static let listenAfter = Duration.seconds(3)
  /// When it is looked again whether a device can be listened to.
  private static let lookAgain = Duration.seconds(30)

  /// Whether it is a device that is listened to: a serial line and nothing else, of which nobody has said anything.
  func mayListen(_ session: USBSession) -> Bool {
    rules.listens && session.profile == nil && rules.adopted[session.info.id] == nil
      && session.info.protocols == [ProtocolKind.serial.rawValue]
  }

  /// Has a device listened to in a moment, if it may be and is not yet.
  func planListening(_ session: USBSession) {
    guard mayListen(session) else {
      session.listenAt = nil
      return
    }
    guard !session.isListenedTo, session.listenAt == nil, !session.isLookedAt else { return }
    guard let plan = InterfacePlan(session.device, session.identifier, for: .serial, interface: nil) else { return }
    session.info.unheard = plan.unheard
    if plan.unheard == nil { session.listenAt = .now + Self.listenAfter }
  }

  /// Looks whether another program has the device's port, which may take a while, and listens to the device if none has.
  func beginListening(_ session: USBSession) {
    guard mayListen(session), session.claimed == nil,
      let plan = InterfacePlan(session.device, session.identifier, for: .serial, interface: nil)
    else { return }
    let folders = plan.interfaces.map {
      "/sys/bus/usb/devices/\(session.info.port)/\(session.info.port):\(plan.configuration).\($0)"
    }
    session.isLookedAt = true
    errands.run({ SerialPort(ofInterfaces: folders)?.use ?? .free }) { [weak self] use in
      session.isLookedAt = false
      guard let self, sessions[session.device] === session, mayListen(session) else { return }
      switch use {
      case .free:
        session.isListenedTo = true
        session.info.unheard = nil
        claim(session)
      case .open(let port, let owner):
        stopListening(session, "\(owner) has its port \(port) open", again: true)
      case .hidden(let port):
        stopListening(
          session,
          "it cannot be seen whether another program has its port \(port) open; a station that runs as root sees it",
          again: true)
      }
    }
  }

  /// Gives a device back that was, or was to be, listened to; `why` is told to whoever looks.
  func stopListening(_ session: USBSession, _ why: String, again: Bool) {
    let isNews = session.info.unheard != why
    release(session)
    session.conversation = nil
    session.isListenedTo = false
    session.retryAt = nil
    session.info.unheard = why
    session.listenAt = again ? .now + Self.lookAgain : nil
    let before = session.info.state
    announce(session, as: .adoptable)
    // A change of the state was told of with it.
    if isNews, before == .adoptable, session.isAnnounced { events.yield(.changed(session.current)) }
  }
}
