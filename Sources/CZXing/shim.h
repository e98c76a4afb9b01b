// The headers of zxing-cpp are C++ and are included by custody-zxing alone. This module is there for the build settings
// that pkg-config knows.
#ifndef CUSTODY_CZXING_SHIM_H
#define CUSTODY_CZXING_SHIM_H
#endif
