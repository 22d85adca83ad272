#include "CKernels.h"
#include "math.h"

// Channels whose values stay in registers while the cells go by: a vector of the widest kind.
enum { BLOCK = 16 };

#define EACH_CELL(BODY) \
    for (size_t i = 0; i < taps->counts[0]; i++) { \
        for (size_t j = 0; j < taps->counts[1]; j++) { \
            for (size_t k = 0; k < taps->counts[2]; k++) { \
                ptrdiff_t cell = taps->first + (ptrdiff_t)i * taps->strides[0] + (ptrdiff_t)j * taps->strides[1] \
                    + (ptrdiff_t)k * taps->strides[2]; \
                BODY \
            } \
        } \
    }

// Calls BODY with `from` and `count` for each block of channels; all but the last have a count that the compiler knows.
#define EACH_BLOCK(BODY) \
    size_t from = 0; \
    for (; from + BLOCK <= n; from += BLOCK) { \
        enum { count = BLOCK }; \
        BODY \
    } \
    if (from < n) { \
        const size_t count = n - from; \
        BODY \
    }

TPUD_CLONES
void tpud_max_taps_f32(float *out, const float *x, const tpud_taps *taps, size_t n) {
    EACH_BLOCK({
        float best[BLOCK];
        for (size_t c = 0; c < count; c++) best[c] = -INFINITY;
        EACH_CELL({
            const float *p = x + cell + from;
            for (size_t c = 0; c < count; c++) best[c] = tpud_maxf(p[c], best[c]);
        })
        for (size_t c = 0; c < count; c++) out[from + c] = best[c];
    })
}

TPUD_CLONES
void tpud_sum_taps_f32(float *out, const float *x, const tpud_taps *taps, size_t n) {
    EACH_BLOCK({
        float sum[BLOCK] = {0};
        EACH_CELL({
            const float *p = x + cell + from;
            for (size_t c = 0; c < count; c++) sum[c] += p[c];
        })
        for (size_t c = 0; c < count; c++) out[from + c] = sum[c];
    })
}

TPUD_CLONES
void tpud_max_taps_gradient_f32(float *dx, const float *x, const float *g, const tpud_taps *taps, size_t n) {
    EACH_BLOCK({
        float best[BLOCK];
        int32_t chosen[BLOCK];
        int32_t tap = 0;
        EACH_CELL({
            const float *p = x + cell + from;
            for (size_t c = 0; c < count; c++) {
                // Larger, or the first NaN.
                int32_t larger = (tap == 0) | (!(p[c] <= best[c]) & (best[c] == best[c]));
                best[c] = larger ? p[c] : best[c];
                chosen[c] = larger ? tap : chosen[c];
            }
            tap++;
        })
        tap = 0;
        EACH_CELL({
            float *d = dx + cell + from;
            for (size_t c = 0; c < count; c++) d[c] += chosen[c] == tap ? g[from + c] : 0.0f;
            tap++;
        })
    })
}

TPUD_CLONES
void tpud_add_taps_f32(float *dx, const float *g, const tpud_taps *taps, size_t n) {
    EACH_CELL({
        float *d = dx + cell;
        for (size_t c = 0; c < n; c++) d[c] += g[c];
    })
}
