extension DataIdentifier {
  /// Every data identifier of ANSI MH10.8.2 as of 2021 and what it means, in our words. 10Z to 99Z, lines of free text,
  /// are left to ``meaning(of:)``; what is reserved or was taken back is not here.
  static let list = """
    B container type
    1B returnable container
    2B gas cylinder
    3B transport equipment of a motor carrier, by ISO number
    4B carrier (SCAC) and trailer
    5B receptacle asset number
    7B container serial number (ISO 6346)
    8B owner of a returnable container
    9B container size and type (ISO 6346)
    10B container ownership code
    11B van number without its check digit
    12B check digit of a van number
    13B last five digits of a container number
    14B tag status, authorised or not
    15B dangerous cargo class (IMDG)
    16B UN number of dangerous goods
    17B name of the vessel, vehicle or train
    18B vessel registration (IMO)
    19B voyage or trip number
    20B country of the vessel
    21B electronic seal number
    22B customs entry number and type
    23B surety number of a customs bond
    24B foreign port of lading
    25B returnable transport item with its party (ISO 17364)
    26B returnable transport item, worldwide unique
    27B large load carrier, worldwide unique
    28B small load carrier, worldwide unique
    29B returnable packaging aid, worldwide unique
    30B packaging item number
    31B packaging item number, worldwide unique
    55B returnable packaging item, worldwide unique
    C continues a customer's item code
    1C continues a supplier's traceability code
    2C continues a supplier's serial number
    3C continues free text
    4C continues a transaction reference
    5C continues a supplier's item code
    D date, YYMMDD
    1D date, DDMMYY
    2D date, MMDDYY
    3D date, year digit and day of the year
    4D date, YY and day of the year
    5D date, YYMMDD, and what kind of date
    6D date, YYYYMMDD, and what kind of date
    7D month and year, MMYY
    8D event date and time, and what kind
    9D date in a form agreed between the parties
    10D year and week, YYWW
    11D year and week, YYYYWW
    12D date, YYYYMMDD
    13D oldest and newest week of manufacture
    14D expiration date, YYYYMMDD
    15D expiration date, DDMMYYYY
    16D production date, YYYYMMDD
    17D production date, DDMMYYYY
    18D time of tag activation
    19D time of tag deactivation
    20D inspection date, DDMMYYYY
    21D required delivery date, or MILSTAMP code
    22D time of record
    23D date and time with zone
    24D date qualified by an issuing agency
    25D best before date
    26D date of first freezing
    27D harvest date
    28D range of harvest dates
    E restricted substances class, such as lead-free finish
    1E air pressure in pascal
    2E highest temperature allowed
    3E lowest temperature allowed
    4E highest relative humidity allowed
    5E lowest relative humidity allowed
    6E target temperature of a refrigerated container
    10E cumulative time-temperature index
    11E time-temperature index of the next higher assembly
    12E packaging material, category and weight
    13E moisture sensitivity level (J-STD-020)
    F looping header
    1F parent of this item
    3F number of children
    4F page of a set of data carriers
    5F number of children and what they are
    H name of a party and its role
    1H employee
    2H social security number (US)
    3H person who is no employee
    4H national social security number
    5H last name
    6H second line of a party's name
    7H telephone of a contact
    8H e-mail of a contact
    9H consignee number
    10H personal code of initials and digits
    11H first name and middle initial
    12H military grade
    15H national identity number
    25H person, worldwide unique
    26H person, worldwide unique, and role
    I vehicle identification number (VIN)
    2I abbreviated VIN
    4I transport vehicle, worldwide unique
    5I vehicle in production
    J licence plate of a transport unit
    1J licence plate, unbreakable unit
    2J licence plate, unit of several packages
    3J licence plate, unbreakable unit with EDI data
    4J licence plate, unit of several packages with EDI data
    5J licence plate, mixed unit of one customer
    6J licence plate, master unit of like items of one customer
    7J vehicle registration plate
    8J maritime mobile service identity
    K order number of the customer (purchase order)
    1K order number of the supplier
    2K bill of lading or shipment, by the supplier
    3K bill of lading or shipment, by the carrier
    4K line of the customer's order
    5K release against the customer's order
    6K carrier's progressive number (PRO)
    7K mode of carriage
    8K contract number
    9K transaction reference
    10K invoice number
    11K packing list number
    12K carrier (SCAC) and progressive number
    13K bill of lading or transport receipt with its carrier
    14K order number and line
    15K kanban number
    16K delivery information document (DELINS)
    17K cheque number
    18K structured reference
    19K foreign military sales case
    20K licence or contract, worldwide unique
    21K data of the customer
    22K authentication of a transaction
    25K group of transport units by the carrier, worldwide unique
    26K group of transport units by the shipper, worldwide unique
    27K quotation number of the supplier
    L storage location
    1L location
    2L ship to, agreed code
    3L ship from, agreed code
    4L country of origin
    5L ship for, agreed code
    6L route
    7L activity address of the US Department of Defense
    8L port of embarkation
    9L port of debarkation
    11L location by coordinates
    12L ship to, by coordinates
    13L ship from, by coordinates
    15L ship for, by coordinates
    16L where the tag was activated
    17L where the tag was deactivated
    18L fishing area
    20L first level of location
    21L second level of location
    22L third level of location
    23L fourth level of location
    24L fifth level of location
    25L location, worldwide unique
    26L location or area by a qualified code
    27L location of an event (UN/LOCODE)
    28L street and number
    29L city
    30L state or province
    31L postal code
    32L country
    33L web address
    34L web address of a process
    35L approval number of a vessel, farm or processor
    36L approval number of a producer or first cutting hall
    51L ship from, postal code
    52L ship to, postal code
    54L ship from, postal code and country
    55L ship to, postal code and country
    10M Army form 2410
    11M Army form 2408
    12M Army form 2407
    13M Air Force form 95
    14M Navy form 4790
    N NATO stock number
    1N product characteristic of the chemical industry
    3N data of the electronics industry of Japan
    4N GS1 application identifier and data
    5N data by AIAG's code
    6N requisition code (MILSTRIP)
    7N defence transportation code
    8N production animal
    9N pharmacy product number
    10N data defined by the holder of a company code
    11N data of the reverse logistics association
    12N data of the reverse logistics association, further field
    15N industrial internet identifier
    P item code of the customer
    1P item code of the supplier (part number)
    2P revision of the item
    3P item code in GS1 form with its manufacturer
    4P item code in GS1 form
    5P freight classification item
    6P supplier and item code
    7P equipment code CLEI
    8P GTIN of fourteen digits
    9P manufacturer (DUNS) and item code
    10P hazardous material code
    11P equipment code CLEI of ten characters
    12P document type
    13P vehicle maintenance system code
    14P vehicle maintenance system and assembly code
    15P vehicle maintenance system, assembly and part code
    16P vehicle maintenance part code, modified by the user
    17P GS1 supplier and item code
    18P vehicle maintenance supplier and part number
    19P component of an item in several packages
    20P first level of item code, by the customer
    21P second level of item code, by the customer
    22P third level of item code, by the customer
    23P fourth level of item code, by the customer
    24P fifth level of item code, by the customer
    25P item code with its company, worldwide unique
    26P part number of the next higher assembly
    27P customs tariff code (HTS)
    28P cargo name
    29P medical device nomenclature code (GMDN)
    30P first level of item code, by the supplier
    31P second level of item code, by the supplier
    32P third level of item code, by the supplier
    33P fourth level of item code, by the supplier
    34P fifth level of item code, by the supplier
    40P material safety data sheet
    49P export controlled item
    50P item number of the manufacturer
    51P item code with its company, worldwide unique, and further parts
    52P colour
    53P marine equipment under EU directive
    54P medical device, device identifier (UDI-DI)
    55P certification reference of DNV
    Q quantity
    1Q theoretical length or weight
    2Q actual weight
    3Q unit of measure
    4Q gross amount
    5Q net amount
    6Q containers that make up one product
    7Q quantity with unit of measure
    8Q rated weight of a container
    9Q weight of a piece
    11Q tare weight
    12Q monetary value and currency
    13Q piece of how many pieces
    14Q beginning secondary quantity
    15Q ending secondary quantity
    16Q pieces in a van
    17Q shipments in a van
    18Q volume
    19Q width
    20Q height
    21Q length
    22Q net weight of a shipment
    23Q length of a van
    24Q inside volume of a van
    25Q net explosive weight
    26Q packaging level (HIBC)
    27Q net price of one product
    28Q charge for postage and packing
    29Q discount in percent
    30Q value added tax in percent
    31Q currency
    32Q clinical term code (LOINC)
    1R return authorization of the supplier (RMA)
    2R return code of the customer
    4R identification code of the US Department of Defense
    5R data defined by the holder of a company code
    6R digital signature (ISO/IEC 20248)
    7R aquatic species
    8R fishing gear
    9R production method of fish
    S serial number of the supplier
    1S further serial number of the supplier
    2S advance shipment notification
    3S package, by the supplier
    4S master package of like items of one order
    5S master package of unlike items of one order
    6S master package of like items of several orders
    7S master package of unlike items of several orders
    8S serial shipping container code (SSCC)
    9S package, agreed code
    10S machine, cell or tool
    11S fixed asset
    12S document number
    13S security seal of a container
    14S parcel post manifest
    15S serial number of the vendor given by 13V
    16S version, such as of software
    17S GS1 supplier and package
    18S CAGE code and serial number
    19S DUNS number and package
    20S traceability code of the customer for one entity
    21S tyre identification
    22S mobile telephone (IMEI or ESN)
    23S MAC address
    24S identification of an RF tag chip (ISO/IEC 15963)
    25S entity with its company, worldwide unique
    26S equipment, worldwide unique
    27S item within a batch
    28S batch and item
    30S further traceability code of the supplier for one entity
    31S first serial number of a sequence
    32S last serial number of a sequence
    33S serial number of the next higher assembly
    34S serial or part number of the end item
    35S bumper number
    36S air pallet
    37S unique item identifier with part number
    42S unique item identifier with the length of its serial number
    43S SIM card (ICCID)
    50S first level of serial number, by the supplier
    51S second level of serial number, by the supplier
    52S third level of serial number, by the supplier
    53S fourth level of serial number, by the supplier
    54S fifth level of serial number, by the supplier
    96S electronic product code (EPC)
    97S encrypted serial number
    T lot or batch of the customer
    1T lot or batch of the supplier
    3T emissions test vehicle
    20T first level of lot, by the customer
    21T second level of lot, by the customer
    22T third level of lot, by the customer
    23T fourth level of lot, by the customer
    24T fifth level of lot, by the customer
    25T lot with its company, worldwide unique
    26T batch with the equipment or licence it was made under
    27T batch number under a licence
    30T first level of lot, by the supplier
    31T second level of lot, by the supplier
    32T third level of lot, by the supplier
    33T fourth level of lot, by the supplier
    34T fifth level of lot, by the supplier
    5U postal service data
    6U postal licensing data
    15U supplementary postal service data
    16U postal administrations
    17U postal location
    18U qualified postal location
    19U postal licence plate with service and location
    55U locator of printed data
    V supplier, by the customer
    1V supplier, by the supplier
    2V UPC company prefix
    3V GS1 company prefix
    4V carrier
    5V financial institution
    6V manufacturer, agreed code
    7V party with financial liability
    8V customer, by the customer
    9V customer, by the supplier
    10V manufacturer for customs
    11V organisation with budget
    12V DUNS number of the manufacturer
    13V DUNS number of the supplier
    14V DUNS number of the customer
    15V shipper, by the carrier
    16V vehicle maintenance supplier
    17V CAGE code
    18V party by issuing agency and its code
    19V role of a party
    20V party with roles, worldwide unique
    21V party and organisational unit, worldwide unique
    22V carrier (SCAC)
    23V value added tax number of the supplier
    24V value added tax number of the customer
    25V manufacturer by NATO code (NCAGE)
    W work order
    1W operation sequence
    2W operation or work code
    3W work order and operation sequence
    4W status
    5W work unit code
    6W nomenclature
    10W form control number
    11W inspector's last name
    12W telephone of the person who fills in the form
    Z agreed between customer and supplier
    1Z agreed between carrier and supplier
    2Z agreed between customer and carrier
    3Z free text
    4Z agreed between carrier and trading partner
    """

  /// ``list`` by identifier.
  static let table: [String: String] = {
    var table: [String: String] = [:]
    for line in list.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2 { table[String(parts[0])] = String(parts[1]) }
    }
    return table
  }()
}
