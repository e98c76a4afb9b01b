import LabelDesign
import Testing

private let asset = "^XA^CI28\n^FO40,30^A0N,40^FDModel: {{model}}^FS\n^FO40,90^BY2^BCN,80^FD{{tag}}^FS\n^XZ\n"

@Test func fieldsAreFilled() throws {
  let template = try ZPLTemplate(asset)
  #expect(template.fields == ["model", "tag"])
  let filled = try template.filled(["model": "Latitude 7440", "tag": "AT-00042"]).text
  #expect(
    filled == "^XA^CI28\n^FO40,30^A0N,40^FH_^FDModel: Latitude 7440^FS\n^FO40,90^BY2^BCN,80^FH_^FDAT-00042^FS\n^XZ\n")
}

@Test func aValueIsNeverACommand() throws {
  let filled = try ZPLTemplate(asset).filled(["model": "^FS^XZ~JA_{{tag}}, ü", "tag": "AT-00042"]).text
  #expect(filled.contains("^FDModel: _5EFS_5EXZ_7EJA_5F_7B_7Btag_7D_7D_2C _C3_BC^FS"))
  #expect(filled.filter { $0 == "~" }.isEmpty)
}

@Test func theTemplatesOwnUnderlineStaysOne() throws {
  let filled = try ZPLTemplate("^XA^FO1,1^A0^FDa_b {{x}}_c^FS^FO1,9^FDa_b^FS^XZ").filled(["x": "1"]).text
  #expect(filled == "^XA^FO1,1^A0^FH_^FDa_5Fb 1_5Fc^FS^FO1,9^FDa_b^FS^XZ")
}

@Test func theTemplatesOwnSignOfHexadecimalIsKept() throws {
  let template = try ZPLTemplate(#"^XA^FO1,1^FH\^FD\1C{{x}}^FS^XZ"#)
  #expect(try template.filled(["x": #"a\b^"#]).text == #"^XA^FO1,1^FH\^FD\1Ca\5Cb\5E^FS^XZ"#)
}

@Test func copiesGoBeforeTheLastXZ() throws {
  #expect(try ZPLTemplate("^XA^FD{{x}}^FS^XZ").filled(["x": "1"], copies: 5).text == "^XA^FH_^FD1^FS^PQ5^XZ")
  #expect(throws: ZPLTemplateFault.self) { try ZPLTemplate("^XA^FD{{x}}^FS^PQ2^XZ").filled(["x": "1"], copies: 5) }
}

@Test(arguments: [
  ("^XA\n^FO{{x}},1^FDa^FS\n^XZ", 2, "not in ^FO"), ("^XA\n\n^CC+\n+FD{{x}}+XZ^XZ", 3, "another meaning"),
  ("^FD{{x}}^FS", 1, "begins with ^XA"), ("^XA\n^FD{{x^FS\n^XZ", 2, "not closed"),
  ("^XA^FD{{a b^FS}}^XZ", 1, "not closed"),
  ("^XA^FD{{x-y}}^FS^XZ", 1, "letters, digits"), ("^XA\n^FX {{x}}\n^XZ", 2, "not in ^FX"),
  ("^XA^XFE:{{x}}.ZPL^FS^XZ", 1, "not in ^XF"),
])
func aTemplateThatCannotBeMadeSafeIsRefusedWithItsLine(text: String, line: Int, words: String) {
  do throws(ZPLTemplateFault) {
    _ = try ZPLTemplate(text)
    Issue.record("it was taken")
  } catch {
    #expect(error.line == line, "\(error)")
    #expect(error.message.contains(words), "\(error)")
  }
}

@Test(arguments: [
  (["model": "x"], "tag has no value"), (["model": "x", "tag": "a\nb"], "U+000A"),
  (["model": "x", "tag": "a>b"], "code set"),
  (["model": "x", "tag": "1", "more": "2"], "no field more"),
  (["model": String(repeating: "x", count: 4_000), "tag": "1"], "3072"),
])
func aValueThatCannotBeCarriedIsRefused(values: [String: String], words: String) throws {
  let template = try ZPLTemplate(asset)
  do throws(ZPLTemplateFault) {
    _ = try template.filled(values)
    Issue.record("it was taken")
  } catch {
    #expect(error.message.contains(words), "\(error)")
  }
}

@Test func whatADataMatrixTakesForAControlSequenceIsRefused() throws {
  let usual = try ZPLTemplate("^XA^FO1,1^BXN,5,200^FD{{x}}^FS^FO1,90^A0^FD{{y}}^FS^XZ")
  for value in ["_1", "a~d029"] {
    do throws(ZPLTemplateFault) {
      _ = try usual.filled(["x": value, "y": "1"])
      Issue.record("it was taken")
    } catch {
      #expect(error.message.contains("^BX takes for the beginning of a control sequence"), "\(error)")
    }
  }
  // Beside it, as text, they are themselves.
  #expect(try usual.filled(["x": "1", "y": "_1~"]).text.hasSuffix("^FD_5F1_7E^FS^XZ"))
  let own = try ZPLTemplate("^XA^FO1,1^BXN,5,200,0,0,1,#^FD{{x}}^FS^XZ")
  #expect(try own.filled(["x": "_1~"]).text.contains("^FD_5F1_7E^FS"))
  #expect(throws: ZPLTemplateFault.self) { try own.filled(["x": "#1"]) }
}

@Test func signsBeyondASCIIWantTheirCharacterSet() throws {
  let template = try ZPLTemplate("^XA^FD{{x}}^FS^XZ")
  #expect(throws: ZPLTemplateFault.self) { try template.filled(["x": "ü"]) }
}
