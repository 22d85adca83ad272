// A C target needs one translation unit; everything is inline in the header.
#include "CLinux.h"
