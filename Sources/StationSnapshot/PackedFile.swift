import CZlib
import Crypto
import Foundation
import SyncProtocol

/// A file in gzip's form (RFC 1952), made and taken apart in bounded memory.
public enum PackedFile {
  private static let portion = 1 << 18
  /// zlib's window of 32 KiB, in gzip's form.
  private static let window = MAX_WBITS + 16

  /// Packs `source` into `target`, on disk when the call returns. Gives back the packed file's SHA-256 in hexadecimal, and the
  /// bytes of both.
  public static func pack(_ source: String, into target: String) throws -> (
    digest: String, length: UInt64, unpacked: UInt64
  ) {
    let input = try reading(source)
    let output = try writing(target)
    var stream = z_stream()
    // Level 1: what it saves is mostly repeated names, and a station waits for it.
    guard
      deflateInit2_(
        &stream, 1, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw SnapshotFault.bytes("zlib does not start") }
    defer { deflateEnd(&stream) }
    var hash = SHA256()
    var (length, unpacked) = (UInt64(0), UInt64(0))
    var buffer = [UInt8](repeating: 0, count: portion)
    var isLast = false
    while !isLast {
      var data = try input.read(upToCount: portion) ?? Data()
      isLast = data.isEmpty
      unpacked += UInt64(data.count)
      try data.withUnsafeMutableBytes { bytes in
        stream.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
        stream.avail_in = UInt32(bytes.count)
        repeat {
          let made = try step(&stream, &buffer) { deflate(&$0, isLast ? Z_FINISH : Z_NO_FLUSH) }
          guard made.status == Z_OK || made.status == Z_STREAM_END || made.status == Z_BUF_ERROR else {
            throw SnapshotFault.bytes("zlib answered \(made.status)")
          }
          let part = Data(buffer[..<made.count])
          hash.update(data: part)
          length += UInt64(made.count)
          try output.write(contentsOf: part)
        } while stream.avail_out == 0
      }
    }
    try output.synchronize()
    try output.close()
    try input.close()
    return (hexadecimal(hash.finalize()), length, unpacked)
  }

  /// Unpacks `source` into `target`: exactly `length` bytes, or it throws ``SnapshotFault/bytes(_:)`` and stops before more are
  /// written, whatever the file would unpack to.
  public static func unpack(_ source: String, into target: String, exactly length: UInt64) throws {
    let input = try reading(source)
    let output = try writing(target)
    var stream = z_stream()
    guard inflateInit2_(&stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw SnapshotFault.bytes("zlib does not start")
    }
    defer { inflateEnd(&stream) }
    var written: UInt64 = 0
    var buffer = [UInt8](repeating: 0, count: portion)
    var isOver = false
    while !isOver {
      var data = try input.read(upToCount: portion) ?? Data()
      guard !data.isEmpty else { throw SnapshotFault.bytes("it ends in the middle") }
      try data.withUnsafeMutableBytes { bytes in
        stream.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
        stream.avail_in = UInt32(bytes.count)
        repeat {
          let made = try step(&stream, &buffer) { inflate(&$0, Z_NO_FLUSH) }
          guard made.status == Z_OK || made.status == Z_STREAM_END || made.status == Z_BUF_ERROR else {
            throw SnapshotFault.bytes("it is not packed as gzip does")
          }
          written += UInt64(made.count)
          guard written <= length else { throw SnapshotFault.bytes("it unpacks to more than \(length) bytes") }
          try output.write(contentsOf: Data(buffer[..<made.count]))
          isOver = made.status == Z_STREAM_END
        } while !isOver && stream.avail_out == 0
      }
    }
    guard written == length else { throw SnapshotFault.bytes("it unpacks to \(written) bytes, not \(length)") }
    try output.close()
    try input.close()
  }

  /// SHA-256 of a file, in lowercase hexadecimal, read in portions.
  public static func digest(of file: String) throws -> String {
    let input = try reading(file)
    var hash = SHA256()
    while let data = try input.read(upToCount: portion), !data.isEmpty { hash.update(data: data) }
    try input.close()
    return hexadecimal(hash.finalize())
  }

  private static func step(
    _ stream: inout z_stream, _ buffer: inout [UInt8], _ body: (inout z_stream) -> Int32
  ) throws -> (status: Int32, count: Int) {
    buffer.withUnsafeMutableBufferPointer { room in
      stream.next_out = room.baseAddress
      stream.avail_out = UInt32(room.count)
      let status = body(&stream)
      return (status, room.count - Int(stream.avail_out))
    }
  }

  private static func reading(_ path: String) throws -> FileHandle {
    try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  }

  private static func writing(_ path: String) throws -> FileHandle {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SnapshotFault.bytes("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }
}
