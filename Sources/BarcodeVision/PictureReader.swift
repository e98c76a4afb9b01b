import Glibc

/// Reads the symbols of pictures, several at a time. Safe to share and to call from many tasks at once.
public final class PictureReader: Sendable {
  /// How many pictures are decoded at a time.
  public let parallelism: Int
  private let lane: DecodingLane

  /// A reader that decodes up to `parallelism` pictures at a time, by default one per processor core. A picture at the
  /// size limit needs about 300 MB while it is decoded, and `custody-zxing` half a gigabyte beside it.
  public init(parallelism: Int = PictureReader.cores) {
    self.parallelism = max(1, parallelism)
    lane = DecodingLane(width: parallelism)
  }

  /// Processor cores of this machine that are in use.
  public static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The symbols of a picture that is in memory: the bytes of a JPEG, PNG, WebP, HEIC or TIFF file.
  public func read(picture bytes: [UInt8]) async throws(PictureError) -> [Symbol] {
    try await lane.run { () -> Result<[Symbol], PictureError> in
      Result { () throws(PictureError) in try SymbolReader().read(GrayFrame(picture: bytes)) }
    }.get()
  }

  /// The upright gray frame of a picture that is in memory, for those who need its size beside its symbols.
  public func frame(of picture: [UInt8]) async throws(PictureError) -> GrayFrame {
    try await lane.run { () -> Result<GrayFrame, PictureError> in
      Result { () throws(PictureError) in try GrayFrame(picture: picture) }
    }.get()
  }

  /// The symbols of a frame that is in memory.
  public func read(_ frame: GrayFrame, effort: Effort = .still) async throws(PictureError) -> [Symbol] {
    try await lane.run { () -> Result<[Symbol], PictureError> in
      Result { () throws(PictureError) in try SymbolReader().read(frame, effort: effort) }
    }.get()
  }

  /// Does other work on pictures on the threads of this reader, such as encoding one.
  public func run<Answer: Sendable>(
    _ work: @escaping @Sendable () throws(PictureError) -> Answer
  ) async throws(PictureError) -> Answer {
    try await lane.run { Result { () throws(PictureError) in try work() } }.get()
  }

  /// What is seen in a frame that is in memory: see ``SymbolReader/look(at:effort:)``.
  public func look(
    at frame: GrayFrame, effort: Effort
  ) async throws(PictureError) -> (certain: [Symbol], doubtful: [Symbol]) {
    try await lane.run { () -> Result<(certain: [Symbol], doubtful: [Symbol]), PictureError> in
      Result { () throws(PictureError) in try SymbolReader().look(at: frame, effort: effort) }
    }.get()
  }

  /// The symbols of a picture file. A file that gives no picture is a reading too: one that says why.
  public func read(pictureAt path: String) async -> PictureReading {
    await lane.run { PictureReading(readingPictureAt: path) }
  }

  /// As ``read(pictureAt:)``, without waiting; `deliver` is called once, on a thread of the reader.
  func submit(pictureAt path: String, deliver: @escaping @Sendable (PictureReading) -> Void) {
    lane.submit { deliver(PictureReading(readingPictureAt: path)) }
  }
}
