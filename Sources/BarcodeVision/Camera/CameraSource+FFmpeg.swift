extension CameraSource {
  /// Largest frame that is taken, in pixels: 8K UHD.
  static let mostPixels = 7680 * 4320

  /// Largest block of memory that ffmpeg may take at once, in bytes: five frames of that size.
  private static let mostMemory = 256 << 20
  /// Protocols of the network that some source needs.
  private static let protocols = "rtsp,rtsps,rtp,http,https,tcp,tls,udp"

  /// The arguments of `ffmpeg` that make it write this source's frames to standard output, each a gray PGM picture with
  /// its own size. An address in the network is not among them, since every user of the machine can read them, and it may
  /// hold a password: see ``ffmpegScript(silence:)``.
  func ffmpegArguments() -> [String] {
    let always = [
      "-hide_banner", "-nostdin", "-loglevel", "error", "-max_alloc", String(Self.mostMemory),
      "-probesize", "1000000", "-analyzeduration", "1000000", "-threads", "1", "-max_pixels", String(Self.mostPixels),
    ]
    // Frames are wanted young: what was probed is not queued, and one thread holds back none. A file keeps its first.
    let live = ["-fflags", "nobuffer", "-flags", "low_delay"]
    let input: [String]
    switch self {
    case .device(let path, let mode):
      var options: [String] = []
      if let format = mode.format { options += ["-input_format", format] }
      if let width = mode.width, let height = mode.height { options += ["-video_size", "\(width)x\(height)"] }
      if let rate = mode.rate { options += ["-framerate", String(rate)] }
      input = live + ["-f", "v4l2"] + options + ["-i", path]
    case .rtsp, .http:
      // What else may be opened is told in the script.
      input = live + ["-f", "concat", "-safe", "0", "-protocol_whitelist", "pipe," + Self.protocols, "-i", "pipe:0"]
    case .file(let path, let loops):
      // By its name a JPEG picture would be one of a numbered series, which does not loop, and a % in it the number.
      let isJPEG = [".jpg", ".jpeg"].contains { path.lowercased().hasSuffix($0) }
      input =
        (isJPEG ? ["-f", "jpeg_pipe"] : []) + (loops ? ["-stream_loop", "-1"] : []) + [
          "-protocol_whitelist", "file", "-re", "-i", "file:" + path,
        ]
    }
    // Without `passthrough` ffmpeg would repeat and drop frames to keep a rate. A camera that changes its resolution is
    // scaled to the first one by ffmpeg itself (-autoscale, on by default).
    return always + input + [
      "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "image2pipe", "-c:v", "pgm", "-pix_fmt", "gray", "pipe:1",
    ]
  }

  /// What `ffmpeg` reads from its standard input: a script of its concat demuxer with the one address of the network and
  /// the options with which it is opened. Nil for a source of this machine.
  ///
  /// `silence` is how long a network camera may say nothing before ffmpeg gives it up by itself.
  func ffmpegScript(silence: Duration) -> String? {
    guard let network else { return nil }
    var options = network.options.map { ($0, $1) }
    options.append((network.timeout, String(Int(silence / .microseconds(1)))))
    options += [("probesize", "1000000"), ("analyzeduration", "1000000"), ("protocol_whitelist", network.protocols)]
    if !network.formats.isEmpty { options.append(("format_whitelist", network.formats.joined(separator: ","))) }
    // A quote ends the quotation, stands escaped, and begins it again. There are no control characters in an address.
    let quoted = network.url.replacing("'", with: "'\\''")
    return "ffconcat version 1.0\nfile '\(quoted)'\n" + options.map { "option \($0) \($1)\n" }.joined()
  }

  /// How an address of the network is opened. The lists keep a hostile camera from leading ffmpeg anywhere else.
  private var network:
    (url: String, protocols: String, formats: [String], timeout: String, options: [(String, String)])?
  {
    switch self {
    // TCP: a lost packet is a blurred barcode.
    case .rtsp(let url): (url, "rtsp,rtsps,rtp,tcp,tls,udp", [], "timeout", [("rtsp_transport", "tcp")])
    case .http(let url): (url, "http,https,tcp,tls", ["mpjpeg", "mjpeg", "jpeg_pipe"], "rw_timeout", [])
    case .device, .file: nil
    }
  }
}
