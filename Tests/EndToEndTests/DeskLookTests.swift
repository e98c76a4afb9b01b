import Foundation
import Testing

/// The pages in the forms that people meet them: dark, on a phone, without JavaScript.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DeskLookTests {
  @Test func `a page that runs what is not the station's own is heard of`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        try await browser.open(demo.desk)
        try await browser.waits(for: "#sign-in")
        let complaints = try await browser.complaints()
        #expect(complaints == [])
        _ = try await browser.script(
          "const own = document.createElement('script'); own.textContent = '1'; document.body.append(own)")
        #expect(try await browser.complaints().contains { $0.contains("Content Security Policy") })
      }
    }
  }

  @Test func `without JavaScript the desk takes scans by plain forms`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        try await browser.sends("Emulation.setScriptExecutionDisabled", ["value": true])
        try await browser.open(demo.desk + "/sign-in")
        try await browser.type("DEMO-KIM", into: "#badge")
        try await browser.type("135790" + Browser.Key.enter, into: "#pin")
        try await browser.waits(for: "main#desk")
        #expect(try await browser.script("return document.documentElement.classList.contains('js')") == false)
        try await browser.click("button[value='receive']")
        try await browser.waits(for: "#details-receive")
        for (text, result) in [
          ("CUSTODY:LOC:STORE-A1", "accepted"), ("AT-00042", "accepted"), ("AT-00042", "duplicate"),
        ] {
          let before = try await browser.script("return document.querySelector('#result').dataset.resultId")
          try await browser.type(text + Browser.Key.enter, into: "#scan")
          let after = try await eventually("the page has come back") {
            let shown = try await browser.script(
              "const panel = document.querySelector('#result'); return panel && [panel.dataset.resultId, panel.dataset.result]"
            )
            return shown[0].text != nil && shown[0] != before ? shown[1].text : nil
          }
          #expect(after == result)
        }
        #expect(try await browser.text("#asset .chip") == "In stock")
        try await browser.picture("30-without-javascript")
      }
    }
  }

  @Test func `a scan that could not be sent waits for the one who made it`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        _ = try await desk.scan("CUSTODY:CMD:RECEIVE")
        _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
        // The network is gone for one scan.
        _ = try await browser.script("window.fetch = () => Promise.reject(new TypeError('gone'))")
        try await browser.type("AT-00042" + Browser.Key.enter)
        try await browser.waits(for: "#offline li")
        try await desk.signOut()

        try await desk.signIn("DEMO-FATIMA", "271828")
        try await browser.waits(for: "#offline li")
        let bar = try await browser.text("#offline") ?? ""
        #expect(bar.contains("scanned by Kim Novák: sign in as Kim Novák to send"), "\(bar)")
        #expect(!bar.contains("Send 1 now"))
        try await browser.picture("31-scanned-by-another")
        // It holds up nobody else, and turns what they do into nothing of its own.
        try await browser.click(".result-ways button")
        try await browser.waits(for: "#details-receive")
        #expect(try await desk.scan("AT-00021").words != "Not sent")
        #expect(try await browser.text("#offline")?.contains("AT-00042") == true)
        try await desk.signOut()

        // Kim comes back, takes the session back over, and sends it.
        try await desk.signIn("DEMO-KIM", "135790")
        try await browser.click(".result-ways button")
        try await browser.waits(for: "#details-receive")
        try await desk.settled()
        let sent = try await desk.act { try await browser.click("#offline button") }
        #expect(sent.kind == "accepted" && sent.words == "Received", "\(sent)")
        #expect(try await browser.script("return document.querySelector('#offline').hidden").isTrue)
        let complaints = try await browser.complaints()
        #expect(complaints == [])
        // Signed out from elsewhere, or locked: nothing of the desk stays on the screen.
        _ = try await browser.script("fetch('/api/v1/sign-out', { method: 'POST' })")
        try await browser.waits(for: "#sign-in")
      }
    }
  }

  @Test func `the desk fits in the dark, on a wide screen and on a phone`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await browser.prefer(dark: true)
        try await browser.open(demo.desk)
        try await browser.picture("40-dark-sign-in")
        try await desk.signIn("DEMO-KIM", "135790")
        try await browser.picture("41-dark-choose")
        _ = try await desk.scan("CUSTODY:CMD:RECEIVE")
        _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
        for (number, text) in ["AT-00042", "AT-00042", "WX-99871", "AT-00021"].enumerated() {
          _ = try await desk.scan(text)
          try await browser.picture("4\(number + 2)-dark")
        }
        try await browser.open(demo.desk + "/assets?q=AT-00021")
        try await browser.click("td a")
        try await browser.waits(for: ".record")
        try await browser.picture("46-dark-asset")

        // Nothing is wider than the screen: a page that must be pushed sideways hides what it says.
        for (width, height, mobile, dark, name) in [
          (390, 844, true, false, "50-phone"), (390, 844, true, true, "60-phone-dark"),
          (1920, 1080, false, false, "70-wide"),
        ] {
          try await browser.resize(width, height, mobile: mobile)
          try await browser.prefer(dark: dark)
          for page in ["/desk", "/assets", "/assets?q=AT-00021", "/readings", "/events", "/devices"] {
            try await browser.open(demo.desk + page)
            try await browser.waits(for: "main")
            if page.contains("?") {
              try await browser.click("td a")
              try await browser.waits(for: ".record")
            }
            let overhang = try await browser.script(
              "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(overhang == 0, "\(page) at \(width)")
            let label = page.contains("?") ? "asset" : String(page.dropFirst())
            try await browser.picture("\(name)-\(label)")
          }
        }
        try await browser.resize(390, 844, mobile: true)
        try await browser.prefer(dark: false)
        try await browser.open(demo.desk + "/desk")
        _ = try await desk.scan("AT-00042")
        try await browser.picture("51-phone-duplicate")
      }
    }
  }
}
