extension SerialRule {
  /// The rules that are shipped, by manufacturer. None of the short forms tells its manufacturer: seven letters and digits
  /// may be anybody's.
  public static let known: [SerialRule] = [
    SerialRule(
      "dell.serviceTag", manufacturer: "Dell", name: "service tag", form: [.part(nil, .lettersOrDigits, 7)],
      source: "Dell support, Service Tag and Express Service Code",
      proves: "On a Dell product, that it is a service tag; the form alone proves nothing."),
    SerialRule(
      "dell.expressServiceCode", manufacturer: "Dell", name: "express service code", form: [.part(nil, .digits, 11)],
      source: "Dell support: the service tag as a number of base 36, written in base 10",
      proves: "On a Dell product, which service tag it stands for."),
    SerialRule(
      "dell.expressServiceCode", manufacturer: "Dell", name: "express service code", form: [.part(nil, .digits, 10)],
      source: "Dell support: the service tag as a number of base 36, written in base 10",
      proves: "On a Dell product, which service tag it stands for."),
    SerialRule(
      "dell.pieceIdentification", manufacturer: "Dell", name: "piece part identification (PPID)",
      form: dellPiece + [], source: dellPieceSource, proves: dellPieceProof, isSelfEvident: true),
    SerialRule(
      "dell.pieceIdentification", manufacturer: "Dell", name: "piece part identification (PPID)",
      form: dellPiece + [.literal("-"), .part("revision", .lettersOrDigits, 3)], source: dellPieceSource,
      proves: dellPieceProof, isSelfEvident: true),
    SerialRule(
      "hp.serial", manufacturer: "HP", name: "serial number",
      form: [
        .part(nil, .lettersOrDigits, 3), .part("year", .digits, 1), .part("week", .digits, 2),
        .part(nil, .lettersOrDigits, 4),
      ], source: "HP support: country and site, year digit, week, four characters",
      proves: "On an HP or HPE product, that it has the form of its serial numbers."),
    SerialRule(
      "lenovo.machineTypeSerial", manufacturer: "Lenovo", name: "machine type, model and serial number",
      form: [
        .literal("1S"), .part("machineType", .lettersOrDigits, 4), .part("model", .lettersOrDigits, 6),
        .part("serial", .lettersOrDigits, 8),
      ], source: "Lenovo labels: MH10.8.2 identifier 1S, machine type and model, serial number",
      proves: "On a Lenovo product, machine type, model and serial number; another maker's 1S field may look the same."),
    SerialRule(
      "lenovo.machineTypeSerial", manufacturer: "Lenovo", name: "machine type, model and serial number",
      form: [
        .literal("1S"), .part("machineType", .lettersOrDigits, 4), .part("model", .lettersOrDigits, 3),
        .part("serial", .lettersOrDigits, 7),
      ], source: "IBM and Lenovo labels until about 2013: 1S, machine type and model, serial number",
      proves: "On an IBM or Lenovo product, machine type, model and serial number; another maker's may look the same."),
    SerialRule(
      "lenovo.serial", manufacturer: "Lenovo", name: "serial number",
      form: [.part(nil, .letters, 2), .part(nil, .lettersOrDigits, 6)],
      source: "Lenovo support: eight characters, of which the first two tell the plant",
      proves: "On a Lenovo product, that it has the form of its serial numbers."),
    SerialRule(
      "apple.serial", manufacturer: "Apple", name: "serial number",
      form: [
        .part("plant", .lettersOrDigits, 3), .part("made", .lettersOrDigits, 2), .part(nil, .lettersOrDigits, 3),
        .part("model", .lettersOrDigits, 4),
      ], source: "Apple serial numbers of 2010 to 2021: plant, half-year and week, unit, model",
      proves: "On an Apple product, that it has the form of its serial numbers of twelve characters."),
    SerialRule(
      "apple.serial", manufacturer: "Apple", name: "serial number", form: [.part(nil, .lettersOrDigits, 10)],
      source: "Apple serial numbers since 2021: ten random characters",
      proves: "On an Apple product, that it has the form of its newer serial numbers."),
    SerialRule(
      "cisco.serial", manufacturer: "Cisco", name: "serial number",
      form: [
        .part("plant", .letters, 3), .part("year", .digits, 2), .part("week", .digits, 2),
        .part(nil, .lettersOrDigits, 4),
      ], source: "Cisco: LLLYYWWSSSS, plant, year since 1996, week, unit",
      proves: "On a Cisco product, that it has the form of its serial numbers, and when it was made."),
    SerialRule(
      "juniper.serial", manufacturer: "Juniper", name: "serial number",
      form: [.part(nil, .letters, 2), .part(nil, .digits, 4), .part(nil, .lettersOrDigits, 6)],
      source: "Juniper chassis labels: two letters, four digits, six characters",
      proves: "On a Juniper product, that it has the form of its serial numbers."),
    SerialRule(
      "microsoft.serial", manufacturer: "Microsoft", name: "serial number", form: [.part(nil, .digits, 12)],
      source: "Microsoft Surface labels: twelve digits",
      proves: "On a Surface, that it has the form of its serial numbers."),
    SerialRule(
      "westernDigital.serial", manufacturer: "Western Digital", name: "serial number",
      form: [.literal("WD-"), .part("serial", .lettersOrDigits, 12)],
      source: "Western Digital drives: WD- and twelve characters, as the drive's own IDENTIFY data has it",
      proves: "That it has the form of a Western Digital drive's serial number."),
    SerialRule(
      "seagate.serial", manufacturer: "Seagate", name: "serial number", form: [.part(nil, .lettersOrDigits, 8)],
      source: "Seagate drive labels: eight characters",
      proves: "On a Seagate drive, that it has the form of its serial numbers."),
  ]

  private static let dellPiece: [Piece] = [
    .part("country", .letters, 2), .literal("-0"), .part("part", .lettersOrDigits, 5), .literal("-"),
    .part("maker", .lettersOrDigits, 5), .literal("-"), .part("made", .lettersOrDigits, 3), .literal("-"),
    .part("serial", .lettersOrDigits, 4),
  ]
  private static let dellPieceSource = "Dell labels of monitors and parts: country, part, maker, date, unit, revision"
  private static let dellPieceProof =
    "The grouping is Dell's own; the unit's number counts within part, maker and date."
}
