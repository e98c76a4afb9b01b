extension CameraSource {
  /// Largest frame that is taken, in pixels: 8K UHD.
  static let mostPixels = 7680 * 4320

  /// The arguments of `ffmpeg` that make it write this source's frames to standard output, each a gray PGM picture with
  /// its own size.
  ///
  /// `silence` is how long a network camera may say nothing before ffmpeg gives it up by itself.
  func ffmpegArguments(silence: Duration) -> [String] {
    let microseconds = String(Int(silence / .microseconds(1)))
    let always = [
      "-hide_banner", "-nostdin", "-loglevel", "error",
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
    case .rtsp(let url):
      // TCP: a lost packet is a blurred barcode. The lists keep a hostile camera from leading ffmpeg anywhere else.
      input =
        live + [
          "-protocol_whitelist", "rtsp,rtsps,rtp,tcp,tls,udp", "-rtsp_transport", "tcp", "-timeout", microseconds,
          "-i", url,
        ]
    case .http(let url):
      input =
        live + [
          "-protocol_whitelist", "http,https,tcp,tls", "-format_whitelist", "mpjpeg,mjpeg,jpeg_pipe",
          "-rw_timeout", microseconds, "-i", url,
        ]
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
}
