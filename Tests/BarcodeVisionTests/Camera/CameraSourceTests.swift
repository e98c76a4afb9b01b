import Foundation
import Testing

@testable import BarcodeVision

@Suite("Camera: its source") struct CameraSourceTests {
  @Test(
    "what the settings may say",
    arguments: [
      ("/dev/video0", "device"), ("v4l2:/dev/v4l/by-id/usb-Cam-video-index0", "device"), ("rtsp://cam/1", "rtsp"),
      ("RTSPS://cam:322/1", "rtsp"), ("http://10.0.0.7:8080/video?fps=5", "http"), ("https://[::1]/v", "http"),
      ("file:clip.mp4", "file"), ("file:/a/b c.mkv?loop", "file"),
    ])
  func known(_ text: String, _ kind: String) throws {
    let source = try CameraSource(text)
    #expect(Mirror(reflecting: source).children.first?.label == kind)
  }

  @Test(
    "what it may not, and why",
    arguments: [
      ("", "it is empty"), ("webcam", "it is no kind of source that is known"), ("rtsp://", "it names no host"),
      ("http://user:pw@/x", "it names no host"), ("http://a b/", "an address holds no blanks"),
      ("file:", "it names no file"), ("file:a.mp4?twice", "a file has the option ?loop, not ?twice"),
      ("v4l2:video0", "a device is named by its whole path, such as /dev/video0"),
      ("/dev/video0?size=9x9", "size is WIDTHxHEIGHT, 16 to 8192 pixels a side, such as size=1280x720"),
      ("/dev/video0?rate=0", "rate is 1 to 240 frames a second"),
      ("/dev/video0?format=-i", "format is a name such as mjpeg or yuyv422"),
      ("/dev/video0?zoom=2", "a device has the options size, rate and format, not zoom"),
      ("file:a\u{0}b", "it holds a control character"),
      (String(repeating: "x", count: 2049), "it is longer than 2,048 bytes"),
    ])
  func unknown(_ text: String, _ reason: String) {
    let error = #expect(throws: CameraSourceError.self) { _ = try CameraSource(text) }
    #expect(error?.reason == reason)
  }

  @Test(
    "names, passwords and query strings are never shown",
    arguments: [
      ("rtsp://admin:s3cret@cam.local:554/stream", "rtsp://cam.local:554/stream"),
      ("http://u:p@ss@cam/video?token=s3cret", "http://cam/video?…"),
      ("http://u:sl/ash@cam/video", "http://cam/video"), ("rtsp://u:qu'o\"te@cam/1", "rtsp://cam/1"),
    ])
  func secrets(_ text: String, _ shown: String) throws {
    #expect(try CameraSource(text).description == shown)
    // As ffmpeg repeats it when it fails.
    var words = LastWords()
    let line = "[tcp @ 0x55] noise\n\(text): Connection refused\n\n"
    line.utf8.withContiguousStorageIfAvailable { words.take(UnsafeRawBufferPointer($0)) }
    #expect(words.words == "\(shown): Connection refused")
  }

  @Test("an address of the network is told by standard input, where no other user of the machine reads it")
  func script() throws {
    let camera = try CameraSource("rtsp://kim:s3cr'et@cam/1")
    #expect(!camera.ffmpegArguments().joined().contains("cam"))
    // A quoted string of ffmpeg: a quote ends it, stands behind a backslash, and begins it anew (ffmpeg-utils(1), Quoting).
    let lines = try #require(camera.ffmpegScript(silence: .seconds(5))).split(separator: "\n")
    #expect(lines[0] == "ffconcat version 1.0" && lines[1] == #"file 'rtsp://kim:s3cr'\''et@cam/1'"#)
    #expect(lines.contains("option timeout 5000000") && lines.contains("option rtsp_transport tcp"))
    #expect(lines.dropFirst(2).allSatisfy { $0.hasPrefix("option ") })
    #expect(try CameraSource("/dev/video0").ffmpegScript(silence: .seconds(5)) == nil)
  }

  @Test("an option of the settings never becomes an option of ffmpeg")
  func arguments() throws {
    let file = try CameraSource("file:-y.mp4").ffmpegArguments()
    #expect(file.contains("file:-y.mp4"))
    let device = try CameraSource("/dev/video2?size=1280x720&rate=15&format=mjpeg").ffmpegArguments()
    let input = try #require(device.firstIndex(of: "v4l2"))
    #expect(
      Array(device[(input - 1)..<(input + 9)]) == [
        "-f", "v4l2", "-input_format", "mjpeg", "-video_size", "1280x720", "-framerate", "15", "-i", "/dev/video2",
      ])
  }

  @Test("the cameras of this machine, first nodes only")
  func devices() throws {
    let folder = try ScratchFolder()
    for (node, index, name) in [
      ("video10", "0", "Ten"), ("video2", "0", "Two"), ("video3", "1", "Two, data"), ("v4l-subdev0", "0", "x"),
    ] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: "sys/\(node)"), withIntermediateDirectories: true)
      _ = try folder.write(Array("\(index)\n".utf8), to: "sys/\(node)/index")
      _ = try folder.write(Array("\(name)\n".utf8), to: "sys/\(node)/name")
    }
    _ = try folder.write([], to: "video2")
    #expect(
      VideoDevice.all(in: folder.url.path + "/sys", devices: folder.url.path) == [
        VideoDevice(path: folder.url.path + "/video2", name: "Two", isPermitted: true),
        VideoDevice(path: folder.url.path + "/video10", name: "Ten", isPermitted: false),
      ])
    #expect(VideoDevice.all(in: folder.url.path + "/none").isEmpty)
  }
}
