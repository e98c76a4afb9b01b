import TamperEvidence

/// Verifies a chain file of any size, chunk by chunk: `ChainFileReader` and `ChainVerifier` in one.
public struct ChainFileVerifier: Sendable {
  private var reader = ChainFileReader()
  private var chain: ChainVerifier

  /// A verifier at the start of a file.
  public init(key: VerifierKey) {
    chain = ChainVerifier(key: key)
  }

  /// How many entries are verified.
  public var count: Int { chain.count }

  /// The verified chain's head so far.
  public var head: ChainHead { chain.head }

  /// The station and epoch, once an entry is verified.
  public var origin: (station: String, epoch: Int)? { chain.origin }

  /// Checks the entries that are whole once `chunk` is added; returns the first fault.
  public mutating func consume(_ chunk: some Collection<UInt8>) -> ChainFault? {
    reader.append(chunk)
    do {
      while let frame = try reader.next() {
        if let fault = chain.next(frame.entry, byteOffset: frame.offset) { return fault }
      }
      return nil
    } catch {
      return chain.stop(framing: error)
    }
  }

  /// Call at the end of the file: sees an entry that is not whole, and compares the head if one is known.
  public mutating func finish(expectedHead: ChainHead? = nil) -> ChainFault? {
    guard reader.unfinished == 0 else {
      return chain.stop(
        .truncated, byteOffset: reader.offset,
        sentence: "The file stops in the middle of it, after \(reader.unfinished) bytes.",
        remedy: "The file was cut, or a copy was not finished; ask for it again.")
    }
    return chain.finish(expectedHead: expectedHead, byteOffset: reader.offset)
  }
}
