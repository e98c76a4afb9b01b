extension PrinterStatus {
  /// Reads the answer to `~HS`: three strings, each between STX and ETX (ZPL II Programming Guide, `~HS`). Nil when they are not.
  ///
  ///     1  aaa,b,c,dddd,eee,f,g,h,iii,j,k,l    b paper out, c pause, dddd label length, eee formats in the receive buffer,
  ///                                            f buffer full, h partial format, j corrupt RAM, k under, l over temperature
  ///     2  mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www    o head up, p ribbon out, q thermal transfer, t label waiting, u labels left
  ///     3  xxxx,y                              password, static RAM
  ///
  /// - Parameter strings: what stands between STX and ETX.
  public init?(zplHostStatus strings: [String]) {
    guard strings.count == 3 else { return nil }
    let parts = strings.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let (one, two, three) = (parts[0], parts[1], parts[2])
    guard one.count >= 12, two.count >= 11, three.count >= 2,
      (one[0...11] + two[0...10]).allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x46).contains($0) } }),
      let formats = Int(one[4]), let left = Int(two[8])
    else { return nil }
    /// A flag: anything but zero is on.
    func isOn(_ text: String) -> Bool { text != "0" }
    var conditions: [PrinterCondition] = []
    if isOn(two[2]) { conditions.append(.headOpen) }
    if isOn(one[1]) { conditions.append(.mediaOut) }
    if isOn(two[3]) { conditions.append(.ribbonOut) }
    if isOn(one[11]) { conditions.append(.overTemperature) }
    if isOn(one[10]) { conditions.append(.underTemperature) }
    if isOn(one[9]) { conditions.append(.memoryLost) }
    if isOn(one[5]) { conditions.append(.bufferFull) }
    if isOn(one[2]) { conditions.append(.paused) }
    if isOn(two[7]) { conditions.append(.labelWaiting) }
    self.init(conditions: conditions, isBusy: formats > 0 || left > 0 || isOn(one[7]), labelsLeft: left)
  }
}
