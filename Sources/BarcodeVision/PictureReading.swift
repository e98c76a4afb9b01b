/// What one picture file gave.
public struct PictureReading: Sendable, Equatable {
  /// The path, as it was given.
  public let path: String
  /// The symbols, or why there is no picture. A picture without symbols is a success.
  public let outcome: Result<[Symbol], PictureError>
  /// How long finding and decoding symbols in the gray frame took, loading the file not included. Zero on failure.
  public let duration: Duration

  /// A reading with known contents.
  public init(path: String, outcome: Result<[Symbol], PictureError>, duration: Duration) {
    self.path = path
    self.outcome = outcome
    self.duration = duration
  }

  /// Loads the file and reads its symbols. Blocks.
  init(readingPictureAt path: String) {
    do throws(PictureError) {
      let frame = try GrayFrame(pictureAt: path)
      let start = ContinuousClock.now
      let symbols = try SymbolReader().read(frame)
      self.init(path: path, outcome: .success(symbols), duration: ContinuousClock.now - start)
    } catch {
      self.init(path: path, outcome: .failure(error), duration: .zero)
    }
  }
}
