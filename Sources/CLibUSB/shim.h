#ifndef CUSTODY_CLIBUSB_SHIM_H
#define CUSTODY_CLIBUSB_SHIM_H

#include <libusb.h>

#endif
