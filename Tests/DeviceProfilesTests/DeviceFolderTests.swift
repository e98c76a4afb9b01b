import DeviceProfiles
import Foundation
import ScannerProtocols
import Testing

/// The folders of `devices/`, as they are installed with the program.
struct DeviceFolderTests {
  private static let folders = Result { try DeviceFolder.shipped() }

  @Test func `every family that the station is to know has a folder`() throws {
    let folders = try Self.folders.get()
    #expect(folders.count >= 14)
    let protocols = Set(folders.map(\.profile.deviceProtocol.name))
    #expect(
      protocols == [
        "keyboard", "hid-pos", "serial", "ccid", "chafon-18", "chafon-288", "mercury", "m100", "llrp",
      ])
    #expect(Set(folders.map(\.profile.name)).count == folders.count)
  }

  @Test func `what a folder has recorded is read as it says, at once and byte by byte`() throws {
    for folder in try Self.folders.get() {
      try #require(!folder.capture.isEmpty && !folder.reads.isEmpty, "\(folder.path) has no bytes, or no reads")
      #expect(!folder.profile.sources.isEmpty, "\(folder.path) does not say where its bytes are from")
      #expect(
        folder.reads.contains { !$0.contains(#""kind":"note""#) }, "\(folder.path) reads neither a text nor a tag")
      var decoder = try CaptureDecoder(folder.profile, reportDescriptor: folder.reportDescriptor)
      let reads = folder.capture.flatMap { decoder.receive($0) } + decoder.end()
      #expect(try reads.map { try $0.jsonLine() } == folder.reads, "\(folder.path)")
      var bytewise = try CaptureDecoder(folder.profile, reportDescriptor: folder.reportDescriptor)
      let same = folder.capture.joined().flatMap { bytewise.receive([$0]) } + bytewise.end()
      #expect(try same.map { try $0.jsonLine() } == folder.reads, "\(folder.path), byte by byte")
    }
  }

  @Test func `only scanners and badge readers are claimed without being asked for, and no two folders want one device`()
    throws
  {
    let unasked = try Self.folders.get().map(\.profile).filter { $0.claim == .always }
    let identifiers = unasked.flatMap(\.usb)
    #expect(Set(identifiers).count == identifiers.count)
    #expect(
      Set(identifiers.map(\.description)) == [
        "05e0:1200", "05e0:1701", "0c2e:0200", "0c2e:0204", "0c2e:0b61", "0c2e:0b81", "0c2e:0700", "0c2e:0720",
        "0c2e:0b6a",
        "05f9:2206",
        "05f9:4204", "0c27:3bfa", "09d8:0410", "072f:2200",
      ])
  }
}
