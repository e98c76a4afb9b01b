import Foundation
import Glibc
import Testing

@testable import USBScanning

/// Who has a serial port open, as the kernel shows it to this process.
struct SerialPortTests {
  @Test func `a port that a program has open is not free, and is when it has closed it`() throws {
    let node = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(
      path: "port-\(UUID().uuidString)"
    ).path
    let port = SerialPort(node: node)
    let file = open(node, O_RDWR | O_CREAT, 0o600)
    try #require(file >= 0)
    defer { unlink(node) }
    guard case .open(node, let owner) = port.use else {
      close(file)
      Issue.record("\(port.use)")
      return
    }
    #expect(owner.hasSuffix("(process \(getpid()))"))
    close(file)
    // Somebody who is not root cannot see into root's processes, and says so.
    #expect(port.use == (geteuid() == 0 ? .free : .hidden(port: node)))
  }

  @Test func `the kernel's port is found in the folder of the interface, by either driver`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "interface-\(UUID().uuidString)").path
    let files = FileManager.default
    defer {
      do { try files.removeItem(atPath: folder) } catch { Issue.record(error) }
    }
    try files.createDirectory(atPath: folder + "/chip/ttyUSB3", withIntermediateDirectories: true)
    try files.createDirectory(atPath: folder + "/modem/tty/ttyACM1", withIntermediateDirectories: true)
    #expect(SerialPort(ofInterfaces: [folder + "/chip"])?.node == "/dev/ttyUSB3")
    #expect(SerialPort(ofInterfaces: [folder + "/modem"])?.node == "/dev/ttyACM1")
    #expect(SerialPort(ofInterfaces: [folder]) == nil)
  }
}
