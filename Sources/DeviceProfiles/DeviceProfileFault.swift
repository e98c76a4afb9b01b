import StrictYAML

/// Why a file of a device folder cannot be used. Names the place.
public typealias DeviceProfileFault = YAMLFault
