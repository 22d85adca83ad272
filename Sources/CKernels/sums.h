#ifndef TPUD_SUMS_H
#define TPUD_SUMS_H
#include <stddef.h>
#include "math.h"

// 16 partial sums, whatever the width of the machine's vectors, added up as a tree: the same bits everywhere.
TPUD_INLINE float row_sum(const float *x, size_t n) {
    float part[16] = {0};
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        for (size_t k = 0; k < 16; k++) part[k] += x[j + k];
    }
    for (size_t k = 0; j + k < n; k++) part[k] += x[j + k];
    for (size_t w = 8; w > 0; w /= 2) {
        for (size_t k = 0; k < w; k++) part[k] += part[k + w];
    }
    return part[0];
}

TPUD_INLINE float row_max(const float *x, size_t n) {
    float part[16];
    for (size_t k = 0; k < 16; k++) part[k] = x[0];
    size_t j = 0;
    for (; j + 16 <= n; j += 16) {
        for (size_t k = 0; k < 16; k++) part[k] = tpud_maxf(part[k], x[j + k]);
    }
    for (size_t k = 0; j + k < n; k++) part[k] = tpud_maxf(part[k], x[j + k]);
    for (size_t w = 8; w > 0; w /= 2) {
        for (size_t k = 0; k < w; k++) part[k] = tpud_maxf(part[k], part[k + w]);
    }
    return part[0];
}
#endif
