import BarcodeVision
import Foundation

/// Films made by ffmpeg, of gray frames.
enum Film {
  static let width = 1280
  static let height = 720
  /// Frames in which a picture slides into the view, and in which it is then held by a hand that is never quite still.
  static let sliding = 10
  static let held = 6

  /// The frames of a film in which a picture slides from the left into a view of 1280 × 720 and stays; made smaller to
  /// fit, never larger. Every frame has its own noise. Empty when ffmpeg cannot show the picture.
  static func entering(_ path: String) throws -> [GrayFrame] {
    let slide = "if(lt(n,\(sliding)),-w+(W+w)/2*(n+1)/\(sliding),(W-w)/2+3*sin(n*2))"
    let bytes = try ffmpeg([
      "-f", "lavfi", "-i", "color=c=0x808080:s=\(width)x\(height):r=30", "-loop", "1", "-i", path, "-filter_complex",
      "[1]scale=w='min(iw,\(width))':h='min(ih,\(height))':force_original_aspect_ratio=decrease,format=gray[p];"
        + "[0][p]overlay=x='\(slide)':y='(H-h)/2+2*sin(n*3)',format=gray,noise=alls=6:allf=t",
      "-frames:v", "\(sliding + held)", "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1",
    ])
    return stride(from: 0, to: bytes.count - width * height + 1, by: width * height).compactMap {
      GrayFrame(width: width, height: height, bytes: Array(bytes[$0..<($0 + width * height)]))
    }
  }

  /// Writes a film of these frames, as a USB camera sends it (motion JPEG): two seconds, to be shown over and over.
  static func write(_ frames: [GrayFrame], rate: Int, to path: String) throws {
    var raw = Data()
    for index in 0..<(2 * rate) { raw += frames[index % frames.count].bytes }
    let pictures = path + ".gray"
    try raw.write(to: URL(filePath: pictures))
    defer { unlink(pictures) }
    _ = try ffmpeg([
      "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", "\(frames[0].width)x\(frames[0].height)", "-r", "\(rate)",
      "-i", pictures, "-c:v", "mjpeg", "-q:v", "5", "-pix_fmt", "yuvj422p", path,
    ])
  }

  private static func ffmpeg(_ arguments: [String]) throws -> [UInt8] {
    let (child, output) = (Process(), Pipe())
    child.executableURL = URL(filePath: "/usr/bin/env")
    child.arguments = ["ffmpeg", "-nostdin", "-loglevel", "quiet", "-threads", "1"] + arguments
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = output
    try child.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    child.waitUntilExit()
    return [UInt8](bytes)
  }
}
