// Written by scripts/generate-keyboard-layouts from xkeyboard-config; change that, not this.
// swift-format-ignore-file

extension KeyboardLayout {
  /// United States.
  public static let us = KeyboardLayout(
    name: "US",
    plain: #"abcdefghijklmnopqrstuvwxyz1234567890-=[]\\;'`,./�"#,
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()_+{}||:"~<>?�"#,
    capsLock: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890-=[]\\;'`,./�"#,
    shiftedCapsLock: #"abcdefghijklmnopqrstuvwxyz!@#$%^&*()_+{}||:"~<>?�"#,
    altGr: "",
    shiftedAltGr: "",
    dead: ["", "", "", ""])

  /// United Kingdom.
  public static let uk = KeyboardLayout(
    name: "UK",
    plain: #"abcdefghijklmnopqrstuvwxyz1234567890-=[]##;'`,./\"#,
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ!"£$%^&*()_+{}~~:@¬<>?|"#,
    capsLock: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890-=[]##;'`,./\"#,
    shiftedCapsLock: #"abcdefghijklmnopqrstuvwxyz!"£$%^&*()_+{}~~:@¬<>?|"#,
    altGr: #"æ“¢ðeđŋħ→�ĸłµ”øþ@¶ßŧ↓„ſ»←«¹²³€½¾{[]}\¸¨~``´^|•·�|"#,
    shiftedAltGr: "Æ‘©ÐEªŊĦı�&Łº’ØÞΩ®ẞŦ↑‚§>¥<¡⅛£¼⅜⅝⅞™±°¿˛°¯˘˘˝ˇ|×÷˙¦",
    dead: ["", "", "^`~¨´¸", "¯°ˇ˘˙˛˝"])

  /// Germany and Austria.
  public static let de = KeyboardLayout(
    name: "DE",
    plain: "abcdefghijklmnopqrstuvwxzy1234567890ß´ü+##öä^,.-<",
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXZY!"§$%&/()=?`Ü*''ÖÄ°;:_>"#,
    capsLock: #"ABCDEFGHIJKLMNOPQRSTUVWXZY!"§$%&/()=?´Ü*''ÖÄ^;:-<"#,
    shiftedCapsLock: "abcdefghijklmnopqrstuvwxzy1234567890ß`ü+##öä°,._>",
    altGr: #"æ“¢ð€đŋħ→�ĸłµ”øþ@¶ſŧ↓„ſ«←»¹²³¼½¬{[]}\¸¨~’’˝^′·…–|"#,
    shiftedAltGr: "Æ‘©Ð€ªŊĦı˙&Łº’ØÞΩ®ẞŦ↑‚§‹¥›¡⅛£¤⅜⅝⅞™±°¿˛°¯˘˘�ˇ″×÷—�",
    dead: ["^´", "`", "^¨¸˝", "°ˇ˘˙˛"])

  /// France, AZERTY.
  public static let fr = KeyboardLayout(
    name: "FR",
    plain: #"qbcdefghijkl,noparstuvzxyw&é"'(-è_çà)=^$**mù²;:!<"#,
    shifted: "QBCDEFGHIJKL?NOPARSTUVZXYW1234567890°+¨£µµM%~./§>",
    capsLock: "QBCDEFGHIJKL?NOPARSTUVZXYW1234567890°+¨£µµM%²./§<",
    shiftedCapsLock: #"qbcdefghijkl,noparstuvzxyw&é"'(-è_çà)=^$**mù~;:!>"#,
    altGr: #"@“¢ð€đŋħ→�ĸł´”øþæ¶ßŧ↓„«»←ł¹~#{[|`\^@]}¨¤``µ^¬•·�|"#,
    shiftedAltGr: "Ω‘©Ð¢ªŊĦı�&Ł˝’ØÞÆ®ẞŦ↑‚<>¥Ł¡⅛£$⅜⅝⅞™±°¿˛°¯˘˘ºˇ¬×÷˙¦",
    dead: ["^", "¨", "^`~¨´", "¯°ˇ˘˙˛˝"])

  /// Spain.
  public static let es = KeyboardLayout(
    name: "ES",
    plain: "abcdefghijklmnopqrstuvwxyz1234567890'¡`+ççñ´º,.-<",
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ!"·$%&/()=?¿^*ÇÇÑ¨ª;:_>"#,
    capsLock: "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'¡`+ÇÇÑ´º,.-<",
    shiftedCapsLock: #"abcdefghijklmnopqrstuvwxyz!"·$%&/()=?¿^*ççñ¨ª;:_>"#,
    altGr: #"æ“¢ð€đŋħ→�ĸłµ”øþ@¶ßŧ↓„ſ»←«|@#~½¬{[]}\¸[]}}~{\•·�|"#,
    shiftedAltGr: #"Æ‘©Ð¢ªŊĦı�&Łº’ØÞΩ®ẞŦ↑‚§>¥<¡⅛£$⅜⅝⅞™±°¿˛°¯˘˘˝ˇ\×÷˙¦"#,
    dead: ["`´", "^¨", "~¸", "¯°ˇ˘˙˛˝"])

  /// Italy.
  public static let it = KeyboardLayout(
    name: "IT",
    plain: #"abcdefghijklmnopqrstuvwxyz1234567890'ìè+ùùòà\,.-<"#,
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ!"£$%&/()=?^é*§§ç°|;:_>"#,
    capsLock: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890'ÌÈ+ÙÙÒÀ\,.-<"#,
    shiftedCapsLock: #"abcdefghijklmnopqrstuvwxyz!"£$%&/()=?^É*§§Ç°|;:_>"#,
    altGr: "æ”¢ð€đŋħ→�ĸłµñøþ@¶ßŧ↓“ſ»←«¹²³¼½¬{[]}`~[]``@#¬´·¯«",
    shiftedAltGr: "Æ’©Ð¢ªŊĦı�&ŁºÑØÞΩ®ẞŦ↑‘§>¥<¡˝~⅛⅜⅝⅞™±˛¿^{}˘˘¸°¦×¨÷»",
    dead: ["", "", "`¯´", "^~¨°¸˘˛˝"])

  /// Sweden and Finland.
  public static let se = KeyboardLayout(
    name: "SE",
    plain: "abcdefghijklmnopqrstuvwxyz1234567890+´å¨''öä§,.-<",
    shifted: ##"ABCDEFGHIJKLMNOPQRSTUVWXYZ!"#¤%&/()=?`Å^**ÖÄ½;:_>"##,
    capsLock: "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890+´Å¨''ÖÄ§,.-<",
    shiftedCapsLock: ##"abcdefghijklmnopqrstuvwxyz!"#¤%&/()=?`å^**öä½;:_>"##,
    altGr: #"ª“©ð€đŋħ→�ĸłµ”œþ@®ßþ↓„ſ»←«¡@£$€¥{[]}\±¨~´´øæ¶¸·�|"#,
    shiftedAltGr: "º‘©Ð¢ªŊĦı�&Łº’ŒÞΩ®ẞÞ↑‚§>¥<¹²³¼¢⅝÷«»°¿¬°ˇ××ØÆ¾˛˙˙¦",
    dead: ["¨´", "^`", "~¨¸", "°ˇ˙˛"])

  /// Norway.
  public static let no = KeyboardLayout(
    name: "NO",
    plain: #"abcdefghijklmnopqrstuvwxyz1234567890+\å¨''øæ|,.-<"#,
    shifted: ##"ABCDEFGHIJKLMNOPQRSTUVWXYZ!"#¤%&/()=?`Å^**ØÆ§;:_>"##,
    capsLock: #"ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890+\Å¨''ØÆ|,.-<"#,
    shiftedCapsLock: ##"abcdefghijklmnopqrstuvwxyz!"#¤%&/()=?`å^**øæ§;:_>"##,
    altGr: "ª“©ð€đŋħ→�ĸłµ”œπ@®ßþ↓„ſ»←«¡@£$½¥{[]}±´¨~˝˝´^¦¸…–½",
    shiftedAltGr: "º‘©Ð¢ªŊĦı�&Łº’ŒΠΩ™ẞÞ↑‚§>¥<¹²³¼‰⅝÷«»°¿¬°ˇ××˝ˇ¶˛·—¾",
    dead: ["¨", "^`", "^~¨´¸˝", "°ˇ˛˝"])

  /// Denmark.
  public static let dk = KeyboardLayout(
    name: "DK",
    plain: "abcdefghijklmnopqrstuvwxyz1234567890+´å¨''æø½,.-<",
    shifted: ##"ABCDEFGHIJKLMNOPQRSTUVWXYZ!"#¤%&/()=?`Å^**ÆØ§;:_>"##,
    capsLock: "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890+´Å¨''ÆØ½,.-<",
    shiftedCapsLock: ##"abcdefghijklmnopqrstuvwxyz!"#¤%&/()=?`å^**æø§;:_>"##,
    altGr: #"ª“©ð€đŋħ→�ĸłµ”œþ@®ßþ↓„ſ»←«¡@£$½¥{[]}±|¨~˝˝´^¾¸·�\"#,
    shiftedAltGr: "º‘©Ð¢ªŊĦı�&Łº’ŒÞΩ®ẞÞ↑‚§>¥<¹²³¼¢⅝÷«»°¿¦°ˇ××˝ˇ¶˛˙˙¬",
    dead: ["¨´", "^`", "^~¨´¸˝", "°ˇ˙˛˝"])

  /// Switzerland, German.
  public static let chDE = KeyboardLayout(
    name: "CH-DE",
    plain: "abcdefghijklmnopqrstuvwxzy1234567890'^ü¨$$öä§,.-<",
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXZY+"*ç%&/()=?`è!££éà°;:_>"#,
    capsLock: "ABCDEFGHIJKLMNOPQRSTUVWXZY1234567890'^Ü¨$$ÖÄ§,.-<",
    shiftedCapsLock: #"abcdefghijklmnopqrstuvwxzy+"*Ç%&/()=?`È!££ÉÀ°;:_>"#,
    altGr: #"æ“¢ð€đŋħ→�ĸłµ”œþ@¶ßŧ↓„ſ»←«|@#¼½¬|¢]}´~[]}}´{¬•·�\"#,
    shiftedAltGr: "Æ‘©ÐEªŊĦı�&Łº’ŒÞΩ®ẞŦ↑‚§>¥<¡⅛£$⅜⅝⅞™±°¿˛°¯˘˘˝ˇ¬×÷˙¦",
    dead: ["^¨", "`", "~´", "¯°ˇ˘˙˛˝"])

  /// Switzerland, French.
  public static let chFR = KeyboardLayout(
    name: "CH-FR",
    plain: "abcdefghijklmnopqrstuvwxzy1234567890'^è¨$$éà§,.-<",
    shifted: #"ABCDEFGHIJKLMNOPQRSTUVWXZY+"*ç%&/()=?`ü!££öä°;:_>"#,
    capsLock: "ABCDEFGHIJKLMNOPQRSTUVWXZY1234567890'^È¨$$ÉÀ§,.-<",
    shiftedCapsLock: #"abcdefghijklmnopqrstuvwxzy+"*Ç%&/()=?`Ü!££ÖÄ°;:_>"#,
    altGr: #"æ“¢ð€đŋħ→�ĸłµ”œþ@¶ßŧ↓„ſ»←«|@#¼½¬|¢]}´~[]}}´{¬•·�\"#,
    shiftedAltGr: "Æ‘©ÐEªŊĦı�&Łº’ŒÞΩ®ẞŦ↑‚§>¥<¡⅛£$⅜⅝⅞™±°¿˛°¯˘˘˝ˇ¬×÷˙¦",
    dead: ["^¨", "`", "~´", "¯°ˇ˘˙˛˝"])

  /// What an accent makes of the letters that take it: Unicode's canonical compositions.
  static let compositions: [(accent: Unicode.Scalar, letters: String, composed: String)] = [
    ("`", "AaEeIiNnOoUuWwYy", "ÀàÈèÌìǸǹÒòÙùẀẁỲỳ"),
    ("´", "AaCcEeGgIiKkLlMmNnOoPpRrSsUuWwYyZz", "ÁáĆćÉéǴǵÍíḰḱĹĺḾḿŃńÓóṔṕŔŕŚśÚúẂẃÝýŹź"),
    ("^", "AaCcEeGgHhIiJjOoSsUuWwYyZz", "ÂâĈĉÊêĜĝĤĥÎîĴĵÔôŜŝÛûŴŵŶŷẐẑ"),
    ("~", "AaEeIiNnOoUuVvYy", "ÃãẼẽĨĩÑñÕõŨũṼṽỸỹ"),
    ("¨", "AaEeHhIiOotUuWwXxYy", "ÄäËëḦḧÏïÖöẗÜüẄẅẌẍŸÿ"),
    ("°", "AaUuwy", "ÅåŮůẘẙ"),
    ("¸", "CcDdEeGgHhKkLlNnRrSsTt", "ÇçḐḑȨȩĢģḨḩĶķĻļŅņŖŗŞşŢţ"),
    ("¯", "AaEeGgIiOoUuYy", "ĀāĒēḠḡĪīŌōŪūȲȳ"),
    ("˘", "AaEeGgIiOoUu", "ĂăĔĕĞğĬĭŎŏŬŭ"),
    ("ˇ", "AaCcDdEeGgHhIijKkLlNnOoRrSsTtUuZz", "ǍǎČčĎďĚěǦǧȞȟǏǐǰǨǩĽľŇňǑǒŘřŠšŤťǓǔŽž"),
    ("˛", "AaEeIiOoUu", "ĄąĘęĮįǪǫŲų"),
    ("˝", "OoUu", "ŐőŰű"),
    ("˙", "AaBbCcDdEeFfGgHhIMmNnOoPpRrSsTtWwXxYyZz", "ȦȧḂḃĊċḊḋĖėḞḟĠġḢḣİṀṁṄṅȮȯṖṗṘṙṠṡṪṫẆẇẊẋẎẏŻż"),
  ]
}
