/// What a station asks the centre for, so that it can number asset tags while it is offline.
public struct TagNumberRequest: Hashable, Sendable, Codable {
  /// Names the request, 1 to 64 characters: asked again under the same name, it is given the same numbers.
  public var request: String
  /// The letters before the hyphen of the tags, 2 to 4 capitals. Tags with the same letters are one series for all
  /// stations of a centre.
  public var letters: String
  /// How many numbers, from 1 to ``SyncLimits/tagNumbers``.
  public var count: Int
  /// The highest number that the station knows to be in use; 0 when it knows of none. The centre gives higher ones.
  public var inUse: Int

  /// A request.
  public init(request: String, letters: String, count: Int, inUse: Int) {
    self.request = request
    self.letters = letters
    self.count = count
    self.inUse = inUse
  }
}

/// Numbers that are one station's to give away.
public struct TagNumbers: Hashable, Sendable, Codable {
  public var letters: String
  /// The first and the last of them.
  public var first: Int
  public var last: Int

  /// Numbers from first to last.
  public init(letters: String, first: Int, last: Int) {
    self.letters = letters
    self.first = first
    self.last = last
  }
}
