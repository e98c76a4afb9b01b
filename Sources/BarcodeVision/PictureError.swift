/// Why a picture gave no gray frame.
public enum PictureError: Error, Sendable, Equatable {
  /// There is nothing at that path.
  case missing
  /// There is nothing at that path, and it is not as it was given: bytes in it were no UTF-8 and became U+FFFD.
  case nameNotText
  /// The path names something other than a regular file, such as a directory or a pipe.
  case notAFile
  /// The file's permissions do not let us read it.
  case permissionDenied
  /// The system refused to read the file; `code` is its `errno`.
  case unreadable(code: Int32)
  /// The file has more bytes than ``PictureLimits/fileBytes``.
  case fileTooLarge
  /// The file has no bytes.
  case empty
  /// The bytes are no picture format that is known here.
  case notAPicture
  /// The bytes are a picture of a format that is not read.
  case unsupportedFormat(String)
  /// The header claims more pixels than ``PictureLimits/pixels`` or a side over ``PictureLimits/side``.
  case tooLarge(width: Int, height: Int)
  /// The header or the pixel data is broken or cut short.
  case damaged(PictureFormat)
  /// libvips, which decodes pictures, cannot be used; `part` is what was not found in it.
  case decoderMissing(part: String)
  /// zbar, which finds symbols, could not get the memory it needs.
  case symbolSearchFailed
}

extension PictureError: CustomStringConvertible {
  /// One sentence that says what is wrong.
  public var description: String {
    switch self {
    case .missing: "There is no such file."
    case .nameNotText: "The path has bytes that are no UTF-8; such files are not found."
    case .notAFile: "This is not a regular file."
    case .permissionDenied: "Permission to read the file is denied."
    case .unreadable(let code): "The file cannot be read (system error \(code))."
    case .fileTooLarge: "The file is larger than \(PictureLimits.fileBytes >> 20) MiB."
    case .empty: "The file is empty."
    case .notAPicture: "This is not a picture."
    case .unsupportedFormat(let name): "\(name) pictures are not read."
    case .tooLarge(let width, let height):
      "The picture is \(width) × \(height) pixels; the limits are \(PictureLimits.pixels / 1_000_000) megapixels"
        + " and \(PictureLimits.side) pixels a side."
    case .damaged(let format): "The \(format.name) data is damaged or cut short."
    case .decoderMissing(let part): "The picture library libvips cannot be used: \(part) was not found."
    case .symbolSearchFailed: "There was not enough memory to search the picture."
    }
  }

  /// One sentence that says what to do about it.
  public var remedy: String {
    switch self {
    case .missing: "Check the path."
    case .nameNotText: "Rename the file, or the folder, with characters of UTF-8."
    case .notAFile: "Give the path of a JPEG, PNG, WebP, HEIC or TIFF file."
    case .permissionDenied: "Give your user permission to read it (chmod u+r), or run as its owner."
    case .unreadable: "Check the disk or the network share that holds the file."
    case .fileTooLarge: "Save the picture with fewer pixels or a stronger compression."
    case .empty: "Copy or take the picture again."
    case .notAPicture, .unsupportedFormat: "Save the picture as JPEG, PNG or WebP."
    case .tooLarge: "Crop the picture to the symbol, or scale it down."
    case .damaged: "Copy or take the picture again; the file may not have been transferred completely."
    case .decoderMissing: "Install libvips (Debian: libvips42)."
    case .symbolSearchFailed: "Free some memory, or scale the picture down."
    }
  }
}
