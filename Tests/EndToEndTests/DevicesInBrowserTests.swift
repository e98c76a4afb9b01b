import Foundation
import Testing

/// The page Devices, with real libusb and emulated devices: see `Tests/Rig/README.md`.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DevicesInBrowserTests {
  private let board = "#device-046d-c31c-1-1"

  @Test func `an operator adopts a keyboard that is a scanner; it is read until that is taken back`() async throws {
    try await RiggedDemo.run("device board keyboard 046d:c31c\nplug\n") { rig in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: board)
        #expect(try await browser.text("\(board) header")?.contains("Left alone") == true)
        #expect(try await browser.text(board)?.contains("may be the operator's own") == true)
        try await browser.picture("82-devices-unknown-keyboard")

        try await browser.click("\(board) summary")
        try await choose(browser, "profile", "generic-keyboard")
        try await browser.click("\(board) [data-part=setting] button")
        try await shows(browser, "Ready")
        try await rig.control("wait-read")
        try await browser.picture("83-devices-adopted")

        // Its scans come to the desk.
        try await browser.open(rig.demo.desk + "/desk")
        try await browser.waits(for: "main#desk")
        let shown = try await desk.act { try await rig.control("type AT-00029") }
        #expect(shown.all.contains("AT-00029"), "\(shown)")

        // Taken back: the kernel has its keyboard again.
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: board)
        try await browser.click("\(board) summary")
        try await browser.click("\(board) button[value=forget]")
        try await shows(browser, "Left alone")
      }
    }
  }

  @Test func `a scanner that babbles has a red lamp until it scans again`() async throws {
    try await RiggedDemo.run { rig in
      let scanner = "#device-05e0-1200-1-1"
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        try await rig.control("wait-read")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: "\(scanner) .lamp-good")
        try await rig.control("repeat 1500 report-ahead 0101010101010101")
        try await browser.waits(for: "\(scanner) .lamp-bad")
        #expect(try await browser.text(scanner)?.contains("babbles") == true)
        try await rig.control("report 0000000000000000")
        try await rig.control("type AT-00029")
        try await browser.waits(for: "\(scanner) .lamp-good")
      }
    }
  }

  @Test func `a test scan shows how the label is read, and which layout would fit`() async throws {
    try await RiggedDemo.run { rig in
      let scanner = "#device-05e0-1200-1-1"
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        try await rig.control("wait-read")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: "\(scanner) .device-test")
        try await browser.type("AT-00029", into: "\(scanner) [name=expected]")
        try await browser.click("\(scanner) .device-test button")
        try await browser.waits(for: "\(scanner) .device-waiting")
        try await browser.picture("84-devices-test-waits")
        try await rig.control("type AT-00029")
        try await browser.waits(for: "\(scanner) .device-result.is-good")
        #expect(try await browser.text("\(scanner) .device-text") == "AT-00029")

        // A scanner that is set to German: a minus comes as the key that types / on a US keyboard.
        try await browser.type("at-00029", into: "\(scanner) [name=expected]")
        try await browser.click("\(scanner) .device-test button")
        try await browser.waits(for: "\(scanner) .device-waiting")
        try await rig.control("type at/00029")
        try await browser.waits(for: "\(scanner) .device-result.is-bad")
        #expect(try await browser.text("\(scanner) .device-result")?.contains("layout DE") == true)
        try await browser.picture("85-devices-test-other-layout")

        try await browser.click("\(scanner) summary")
        try await choose(browser, "layout", "DE", in: scanner)
        try await browser.click("\(scanner) [data-part=setting] button")
        try await browser.waits(for: "\(scanner) [data-part=setting] button[value=forget]")
        // Claimed anew: the interface is given back and taken again.
        try await rig.control("wait-read")
        try await browser.waits(for: "\(scanner) .device-test")
        try await browser.click("\(scanner) .device-test button")
        try await browser.waits(for: "\(scanner) .device-waiting")
        try await rig.control("type at/00029")
        try await browser.waits(for: "\(scanner) .device-result")
        #expect(try await browser.text("\(scanner) .device-text") == "at-00029")
        let token = try await HTTP.json(
          .POST, rig.demo.desk + "/api/v1/sign-in", ["badge": "DEMO-GRACE", "pin": "112358"])
        let found = try await HTTP.json(
          .GET, rig.demo.desk + "/api/v1/lookup?text=AT-00029", token: token.body["token"].text)
        #expect(found.body["assets"][0]["state"].text == "inStock", "a test moved it: \(found)")
      }
    }
  }

  @Test func `a badge that is read while nobody is signed in asks its PIN on the sign-in page`() async throws {
    try await RiggedDemo.run { rig in
      let scanner = "#device-05e0-1200-1-1"
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-GRACE", "112358")
        try await rig.control("wait-read")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: "\(scanner) summary")
        try await browser.click("\(scanner) summary")
        try await everySelectIsWhole(browser)
        try await browser.picture("88-devices-settings")
        // A profile for another kind of device is not taken, and the form says why. The page offers none: an old page might.
        _ = try await browser.script(
          """
          document.querySelector(arguments[0]).add(new Option("M100", "m100-r200", true, true));
          """, .string("\(scanner) [name=profile]"))
        try await browser.click("\(scanner) [data-part=setting] button")
        try await browser.waits(for: "\(scanner) .has-error")
        _ = try await browser.complaints()  // The status 422 is meant.
        #expect(
          try await browser.text("\(scanner) .has-error .error")?.contains(
            "reads a serial line, and this device is a keyboard")
            == true)
        try await browser.picture("88-devices-misfit")
        try await choose(browser, "profile", "zebra-keyboard", in: scanner)
        try await choose(browser, "purpose", "badges", in: scanner)
        try await browser.click("\(scanner) [data-part=setting] button")
        try await browser.waits(for: "\(scanner) [data-part=setting]:not([open]) + .device-test")
        #expect(try await browser.text("\(scanner) .facts")?.contains("Badges of people") == true)

        try await desk.signOut()
        try await browser.waits(for: "#sign-in[data-listens]")
        try await rig.control("wait-read")
        try await rig.control("type DEMO-KIM")
        try await browser.waits(for: ".gate-known")
        #expect(try await browser.text(".gate-known b") == "Kim Novák")
        try await browser.picture("89-sign-in-badge")
        try await browser.resize(390, 844, mobile: true)
        try await browser.picture("89-sign-in-badge-phone")
        try await browser.resize(1280, 800)
        try await browser.type("135790" + Browser.Key.enter)
        try await browser.waits(for: "main#desk")
        #expect(try await browser.text(".bar-person")?.contains("Kim") == true)

        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: scanner)
        let shown = try await browser.text("\(scanner) .facts") ?? ""
        #expect(shown.contains("a badge, not shown") && !shown.contains("CUSTODY:BADGE"), "\(shown)")
        for (width, height, name) in [(1280, 800, "wide"), (390, 844, "phone")] {
          try await browser.resize(width, height, mobile: width == 390)
          try await browser.open(rig.demo.desk + "/devices")
          try await browser.click("\(scanner) summary")
          try await everySelectIsWhole(browser)
          let overhang = try await browser.script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
          #expect(overhang == 0)
          try await browser.picture("88-devices-\(name)")
        }
      }
    }
  }

  /// What is chosen in each select is shown whole.
  private func everySelectIsWhole(_ browser: Browser) async throws {
    let cut = try await browser.script(
      """
      const pen = document.createElement("canvas").getContext("2d");
      const selects = [...document.querySelectorAll("#devices details[open] select")];
      if (selects.length < 5) return [`only ${selects.length} selects`];
      return selects.filter((each) => {
        const style = getComputedStyle(each);
        // The shorthand is empty where figures are tabular.
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const room = each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return pen.measureText(each.selectedOptions[0].label).width > room;
      }).map((each) => each.selectedOptions[0].label);
      """)
    #expect(cut.values.isEmpty, "\(cut)")
  }

  @Test func `a device without permission is shown with the rule that mends it, and works once it is there`()
    async throws
  {
    try await RiggedDemo.run("device scanner keyboard 05e0:1200\ndeny\nplug\n") { rig in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-GRACE", "112358")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: ".device .copy")
        #expect(
          try await browser.text(".device .copy pre")
            == #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="05e0", ATTR{idProduct}=="1200", TAG+="uaccess""#
        )
        #expect(try await browser.text(".device header")?.contains("No permission") == true)
        try await browser.picture("86-devices-no-permission")
        try await rig.control("permit")
        try await browser.waits(for: ".lamp-good")
      }
    }
  }

  @Test func `a scanner whose report descriptor is malformed stands on the page as faulty, and in the log`()
    async throws
  {
    // A bar code scanner's, up to its last item, which is cut off.
    let scenario = """
      device pos hid-pos 1234:0001
      report-descriptor 058c0902a10185020912a102150026ff
      plug

      """
    try await RiggedDemo.run(scenario) { rig in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-GRACE", "112358")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: "#device-1234-0001-1-1 .lamp-bad")
        let words = try await browser.text("#device-1234-0001-1-1") ?? ""
        #expect(
          words.contains("Faulty") && words.contains("report descriptor, byte 14: the item's data go beyond"),
          "\(words)")
        #expect(words.contains("Set the scanner to keyboard or serial mode"), "\(words)")
        try await browser.picture("86-devices-malformed")
      }
      #expect(rig.demo.program.printed.contains("device fault"), "\(rig.demo.program.printed)")
    }
  }

  @Test func `what is being filled in stays while devices come and go; who may not set devices has no form`()
    async throws
  {
    try await RiggedDemo.run("device board keyboard 046d:c31c\nplug\ndevice scanner keyboard 05e0:1200\n") { rig in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: rig.demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: board)
        try await browser.click("\(board) summary")
        try await choose(browser, "purpose", "badges")
        try await rig.control("plug")
        try await browser.waits(for: "#device-05e0-1200-1-2")
        let chosen = try await browser.script(
          "return document.querySelector(arguments[0]).value", .string("\(board) [name=purpose]"))
        #expect(chosen.text == "badges")
        try await rig.control("unplug")
        _ = try await eventually("the scanner is gone from the page") {
          try await browser.script("return document.querySelector('#device-05e0-1200-1-2') === null").isTrue
            ? true : nil
        }
        try await browser.click(".bar-person")
        try await browser.click("form[action='/sign-out'] button")
        try await browser.waits(for: "#sign-in")
        try await desk.signIn("DEMO-LIAM", "161803")
        try await browser.open(rig.demo.desk + "/devices")
        try await browser.waits(for: board)
        #expect(try await browser.script("return document.querySelector('[data-part=setting]') === null").isTrue)
      }
    }
  }

  @Test func `a device folder is played into a running station, and its scans run the desk`() async throws {
    try await withTemporaryFolder { folder in
      // The one of the README's example: it scans AT-00029, which the demo has in stock.
      let device = Program.root.appending(path: "devices/zebra-keyboard")
      let data = folder.appending(path: "data")
      try await Demo.run(in: data) { demo in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-FATIMA", "271828")
          _ = try await desk.scan("CUSTODY:CMD:RETIRE")
          try await desk.fill([("reason", "End of lease")])
          try await desk.settled()
          let shown = try await desk.act {
            let (status, printed) = try await Program.finished(
              "custody", ["devices", "simulate", device.path, "--data", data.path])
            #expect(status == 0, "\(printed)")
            #expect(printed.contains(#"{"kind":"scan","terminated":true,"text":"AT-00029"}"#), "\(printed)")
          }
          #expect(shown.kind == "accepted" && shown.words == "Retired", "\(shown)")
          #expect(shown.all.contains("simulated:zebra-keyboard"), "\(shown)")
          try await browser.picture("87-simulated-scan")
          let token = try await HTTP.json(
            .POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-GRACE", "pin": "112358"])
          let kept = try await HTTP.json(
            .GET, demo.desk + "/api/v1/readings", token: token.body["token"].text)
          #expect(kept.body["items"][0]["device"].text == "simulated:zebra-keyboard", "\(kept)")
        }
      }
      let (status, printed) = try await Program.finished(
        "custody", ["devices", "simulate", device.path, "--data", data.path])
      #expect(status == 3 && printed.contains("No station runs"), "\(status) \(printed)")
    }
  }

  /// Chooses an option of a device's form.
  private func choose(_ browser: Browser, _ name: String, _ value: String, in device: String? = nil) async throws {
    _ = try await browser.script(
      "const field = document.querySelector(arguments[0]); field.value = arguments[1]; field.focus();",
      .string("\(device ?? board) [name=\(name)]"), .string(value))
  }

  private func shows(_ browser: Browser, _ words: String) async throws {
    _ = try await eventually("the device is \(words)") {
      try await browser.text("\(board) header")?.contains(words) == true ? true : nil
    }
  }
}
