import Foundation
import Testing

/// The receiving desk with a scanner and nothing else: no key, no mouse after signing in.
@Suite(.timeLimit(.minutes(15))) struct ReceivingInBrowserTests {
  @Test func `a clerk receives 100 cartons of which no number was announced, by scanner only`() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      try await Demo.run(in: data) { demo in
        let orders = folder.appending(path: "orders.csv")
        try Data(
          "order number,supplier,model,manufacturer,category,quantity,part number\nPO-9100,Bechtle,Latitude 5450,Dell,laptop,100,210-BLYZ\n"
            .utf8
        )
        .write(to: orders)
        let imported = try await Program.finished("custody", ["import", orders.path, "--data", data.path + "/station"])
        try #require(imported.status == 0, "\(imported.printed)")
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-KIM", "135790")
          #expect(try await desk.scan("CUSTODY:ORDER:PO-9100").words == "Order PO-9100")
          _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
          for number in 1...100 {
            let shown = try await desk.scan("7QX\(1000 + number)")
            #expect(shown.kind == "accepted" && shown.words == "Received", "\(number): \(shown)")
            if number == 40 { try await browser.picture("60-receiving-order") }
          }
          #expect(try await browser.text(".session-head h2") == "PO-9100: 100 of 100 received")
          let over = try await desk.scan("7QX9999")
          #expect(over.kind == "acceptedWithNote" && over.words == "One too many", "\(over)")
          let product = try await desk.scan("210-BLYZ")
          #expect(product.kind == "unknown" && product.tone == "unknown", "\(product)")
          try await browser.picture("61-receiving-over")
          try await browser.open(demo.desk + "/order?number=PO-9100")
          try await browser.waits(for: ".order-progress")
          try await browser.picture("62-order")
          try await browser.open(demo.desk + "/follow-ups")
          try await browser.waits(for: "tbody tr")
          // What is typed in does not touch the button, and an order's number stays whole.
          let (gap, lines) = (
            try await browser.script(
              """
              const [field, button] = ["input[name='words']", "tbody .button"].map((each) =>
                document.querySelector(each).getBoundingClientRect());
              return Math.max(button.left - field.right, button.top - field.bottom);
              """),
            try await browser.script("return document.querySelector('td a.nowrap').getClientRects().length")
          )
          #expect(gap.number ?? 0 >= 4 && lines.number == 1, "\(gap), \(lines)")
          try await browser.type("sent back", into: "input[name='words']")
          try await browser.picture("63-follow-ups")
          try await browser.click("tbody .button")
          try await browser.waits(for: ".blank")
          try await browser.open(demo.desk + "/orders?all=true")
          try await browser.waits(for: "tbody tr")
          try await browser.picture("64-orders")
        }
      }
    }
  }

  @Test func `of thirty lines each is in reach on a low screen, and the session below the question stays in sight`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      try await Demo.run(in: data) { demo in
        let orders = folder.appending(path: "orders.csv")
        let rows = (1...30).map { "PO-9200,Bechtle,Model \($0),Dell,laptop,1,P-\($0)\n" }.joined()
        try Data("order number,supplier,model,manufacturer,category,quantity,part number\n\(rows)".utf8)
          .write(to: orders)
        let imported = try await Program.finished("custody", ["import", orders.path, "--data", data.path + "/station"])
        try #require(imported.status == 0, "\(imported.printed)")
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          try await desk.signIn("DEMO-KIM", "135790")
          try await browser.resize(1280, 757, mobile: false)
          _ = try await desk.scan("CUSTODY:ORDER:PO-9200")
          _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
          let asked = try await desk.scan("7QX4001")
          #expect(asked.kind == "unknown" && asked.words == "Which line is it?", "\(asked)")
          try await browser.picture("65-which-line")
          let isWhole = try await browser.script(
            """
            const box = (name) => document.querySelector(name).getBoundingClientRect();
            const result = box("#result");
            return box("#result .result-ways").bottom <= result.bottom && box("#receive-new").bottom <= result.bottom + 1
              && result.bottom <= box("#workflows").top && box("#dock").bottom <= innerHeight;
            """)
          #expect(isWhole.isTrue)
          #expect(try await browser.script("return document.querySelectorAll('.result-ways .way').length").number == 25)
          try await browser.click(".result-ways a.way")
          try await browser.waits(for: ".order-progress")
          try await browser.picture("66-which-line-on-the-order")
          try await browser.click("tbody tr:nth-child(30) .inline-form button")
          try await browser.waits(for: "main#desk")
          #expect(try await browser.text(".result-headline") == "Received")
          #expect(try await browser.text(".session-head h2") == "PO-9200: 1 of 30 received")
        }
      }
    }
  }
}
