import Testing

@testable import Station

@Suite("Cameras: their setting") struct CameraSettingTests {
  @Test("NAME=SOURCE; the source may hold further signs")
  func good() throws {
    let camera = try CameraSetting("door-2=http://cam/video?a=b")
    #expect(camera.name == "door-2")
    #expect(camera.source == .http(url: "http://cam/video?a=b"))
  }

  @Test(
    "what is wrong is said, and nothing secret is",
    arguments: [
      ("/dev/video0", "A camera is written NAME=SOURCE"), ("=/dev/video0", "1 to 32 letters"),
      ("a b=/dev/video0", "1 to 32 letters"), ("../x=/dev/video0", "1 to 32 letters"),
      ("door=ftp://kim:s3cret@cam/x", "'ftp://cam/x' names no camera"),
    ])
  func bad(_ text: String, _ words: String) {
    let error = #expect(throws: CameraSettingError.self) { _ = try CameraSetting(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("s3cret") == false)
  }
}
