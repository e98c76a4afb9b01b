#ifndef CUSTODY_CZBAR_SHIM_H
#define CUSTODY_CZBAR_SHIM_H

#include <zbar.h>

#endif
