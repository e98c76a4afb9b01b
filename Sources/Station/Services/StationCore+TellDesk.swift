import StationStore

/// Which act of a desk's page is being done, by the page's own key for it.
enum PageAct {
  /// Nil where no page of the desk asked.
  @TaskLocal static var key: String?
}

extension StationCore {
  /// Has the desk's pages look at it again, where a session is the desk's. The page whose act it was is answered anyway, and
  /// knows the notice by `act`.
  func tellDesk(of session: StoredSession) {
    guard session.desk == desk.name else { return }
    var notice = "{}"
    // A key is the client's text: one that would need escaping is no page's.
    if let key = PageAct.key, key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
      notice = #"{"act":"\#(key)"}"#
    }
    live.publish("status", Array(notice.utf8))
  }
}
