/// A check that GS1's syntax dictionary asks of a part of a value, under the dictionary's own name.
enum ValueCheck: String, Sendable, CaseIterable {
  case csum, csumalpha, gcppos1, gcppos2
  case yymmd0, yymmdd, yyyymmd0, yyyymmdd, hh, hhmi, mi, ss
  case iso3166, iso3166999, iso3166alpha2, iso4217, iso5218, iban
  case mediatype, packagetype, importeridx
  case zero, nonzero, nozeroprefix, yesno, winding, hyphen, hasnondigit
  case pieceoftotal, posinseqslash, latitude, longitude
  case pcenc, couponcode, couponposoffer

  /// What is wrong with a value, and where.
  struct Fault: Hashable, Sendable {
    /// One sentence without its subject's name.
    let sentence: String
    /// First byte, in the indices of the value, and how many.
    let start: Int
    let length: Int

    init(_ sentence: String, _ start: Int, _ length: Int) {
      self.sentence = sentence
      self.start = start
      self.length = length
    }

    init(_ sentence: String, _ range: Bytes) { self.init(sentence, range.startIndex, range.count) }
  }

  /// What is wrong with `value`; nil when it holds.
  func fault(in value: Bytes) -> Fault? {
    switch self {
    case .csum: Self.checkDigit(value)
    case .csumalpha: Self.checkPair(value)
    case .gcppos1: Self.companyPrefix(value, from: 0)
    case .gcppos2: Self.companyPrefix(value, from: 1)
    case .yymmd0: Self.date(value, yearDigits: 2, mayLackDay: true)
    case .yymmdd: Self.date(value, yearDigits: 2, mayLackDay: false)
    case .yyyymmd0: Self.date(value, yearDigits: 4, mayLackDay: true)
    case .yyyymmdd: Self.date(value, yearDigits: 4, mayLackDay: false)
    case .hh: Self.clock(value, below: 24, "hour")
    case .mi: Self.clock(value, below: 60, "minute")
    case .ss: Self.clock(value, below: 60, "second")
    case .hhmi: Self.hourAndMinute(value)
    case .iso3166: Self.listed(value, CodeList.countries, 3, "The country is not a number of ISO 3166.")
    case .iso3166999: Self.countryOrSeveral(value)
    case .iso3166alpha2: Self.listed(value, CodeList.countryLetters, 2, "The country is not two letters of ISO 3166.")
    case .iso4217: Self.listed(value, CodeList.currencies, 3, "The currency is not a number of ISO 4217.")
    case .iso5218: Self.one(of: "0129", value, "The sex is not 0, 1, 2 or 9.")
    case .iban: Self.iban(value)
    case .mediatype: Self.mediaType(value)
    case .packagetype: Self.packageType(value)
    case .importeridx: Self.importerIndex(value)
    case .zero: value.isEmpty || value.contains { $0 != 0x30 } ? Fault("It must be zero.", value) : nil
    case .nonzero: Self.nonzero(value)
    case .nozeroprefix: Self.noLeadingZero(value)
    case .yesno: Self.one(of: "01", value, "It is neither 0, no, nor 1, yes.")
    case .winding: Self.one(of: "019", value, "The winding direction is not 0, 1 or 9.")
    case .hyphen:
      value.isEmpty || value.contains { $0 != UInt8(ascii: "-") } ? Fault("A hyphen must stand here.", value) : nil
    case .hasnondigit: value.areDigits ? Fault("It must hold something that is no digit.", value) : nil
    case .pieceoftotal: Self.pieceOfTotal(value)
    case .posinseqslash: Self.positionInSequence(value)
    case .latitude: Self.coordinate(value, through: 1_800_000_000, "latitude")
    case .longitude: Self.coordinate(value, through: 3_600_000_000, "longitude")
    case .pcenc: Self.percentEncoding(value)
    case .couponcode: CouponCode(value).fault()
    case .couponposoffer: CouponCode(value).positiveOfferFault()
    }
  }
}
