extension CanonicalJSON {
  /// Named values in canonical order. Not a `Dictionary`: that would take two normalisations of one name for one.
  public struct Object: Sendable, Hashable {
    /// One named value.
    public struct Member: Sendable, Hashable {
      /// The name.
      public let name: String
      /// The value.
      public let value: CanonicalJSON

      /// Compares names byte by byte.
      public static func == (left: Member, right: Member) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.value == right.value
      }

      /// Feeds what `==` compares.
      public func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
        hasher.combine(value)
      }
    }

    /// The members, ascending by the UTF-16 code units of their names; no name stands twice.
    public private(set) var members: [Member] = []

    /// An object without members.
    public init() {}

    /// Members already in canonical order, from the parser.
    init(sorted members: [Member]) {
      self.members = members
    }

    /// The value of `name`; nil if it is absent. Setting nil removes the member (`.null` is a value, nil is not).
    public subscript(name: String) -> CanonicalJSON? {
      get {
        let (index, found) = search(name)
        return found ? .some(members[index].value) : .none
      }
      set {
        let (index, found) = search(name)
        switch (newValue, found) {
        case (let value?, true): members[index] = Member(name: name, value: value)
        case (let value?, false): members.insert(Member(name: name, value: value), at: index)
        case (nil, true): members.remove(at: index)
        case (nil, false): break
        }
      }
    }

    /// Where `name` stands, or would stand.
    private func search(_ name: String) -> (index: Int, found: Bool) {
      var low = 0
      var high = members.count
      while low < high {
        let middle = (low + high) / 2
        let order = CanonicalOrder.compare(members[middle].name, name)
        if order == 0 { return (middle, true) }
        if order < 0 { low = middle + 1 } else { high = middle }
      }
      return (low, false)
    }
  }
}
