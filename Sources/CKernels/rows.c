#include "CKernels.h"
#include "math.h"
#include "sums.h"

TPUD_CLONES
void tpud_row_sum_f32(float *out, const float *x, size_t rows, size_t n) {
    for (size_t i = 0; i < rows; i++) out[i] = row_sum(x + i * n, n);
}

TPUD_CLONES
void tpud_row_max_f32(float *out, const float *x, size_t rows, size_t n) {
    for (size_t i = 0; i < rows; i++) out[i] = row_max(x + i * n, n);
}

#define SAME(x) (x)

// Adds up to 64 columns of some rows, `stride` apart, to `out`. Rows go by in blocks, so that no sum has many terms.
#define COLUMN_BLOCK(name, type, read)                                                                    \
    TPUD_INLINE void name(float *out, const type *x, size_t rows, size_t stride, size_t width) {          \
        for (size_t first = 0; first < rows; first += 256) {                                              \
            size_t last = first + 256 < rows ? first + 256 : rows;                                        \
            float part[64] = {0};                                                                         \
            if (width == 64) {                                                                            \
                /* 64 columns stay in registers while the rows go by. */                                  \
                for (size_t i = first; i < last; i++) {                                                   \
                    for (size_t k = 0; k < 64; k++) part[k] += read(x[i * stride + k]);                   \
                }                                                                                         \
            } else {                                                                                      \
                for (size_t i = first; i < last; i++) {                                                   \
                    for (size_t k = 0; k < width; k++) part[k] += read(x[i * stride + k]);                \
                }                                                                                         \
            }                                                                                             \
            for (size_t k = 0; k < width; k++) out[k] += part[k];                                         \
        }                                                                                                 \
    }

// The sum of each of n columns, by such blocks.
#define COLUMN_SUM(block)                                                                                 \
    for (size_t k = 0; k < n; k++) out[k] = 0.0f;                                                         \
    if (n > 0 && n < 64 && 64 % n == 0 && rows >= 64 / n) {                                               \
        /* Some short rows are one of 64 columns, which are folded at the end. */                         \
        size_t each = 64 / n, wide = rows / each;                                                         \
        float sums[64] = {0};                                                                             \
        block(sums, x, wide, 64, 64);                                                                     \
        for (size_t k = 0; k < 64; k++) out[k % n] += sums[k];                                            \
        block(out, x + wide * 64, rows - wide * each, n, n);                                              \
        return;                                                                                           \
    }                                                                                                     \
    for (size_t j = 0; j < n; j += 64) block(out + j, x + j, rows, n, n - j < 64 ? n - j : 64);

COLUMN_BLOCK(column_block_f32, float, SAME)
COLUMN_BLOCK(column_block_bf16, uint16_t, tpud_widenf)

TPUD_CLONES
void tpud_column_sum_f32(float *out, const float *x, size_t rows, size_t n) { COLUMN_SUM(column_block_f32) }

TPUD_CLONES
void tpud_column_sum_bf16(float *out, const uint16_t *x, size_t rows, size_t n) { COLUMN_SUM(column_block_bf16) }

TPUD_CLONES
void tpud_merge_f32(float *out, const float *const *parts, size_t count, size_t offset, size_t n) {
    if (count == 1) {
        __builtin_memcpy(out, parts[0] + offset, n * sizeof(float));
        return;
    }
    const float *a = parts[0] + offset, *b = parts[1] + offset;
    if (count == 2) {
        for (size_t i = 0; i < n; i++) out[i] = a[i] + b[i];
        return;
    }
    const float *c = parts[2] + offset;
    for (size_t i = 0; i < n; i++) out[i] = a[i] + b[i] + c[i];
    size_t part = 3;
    for (; part + 2 <= count; part += 2) {
        const float *p = parts[part] + offset, *q = parts[part + 1] + offset;
        for (size_t i = 0; i < n; i++) out[i] = out[i] + p[i] + q[i];
    }
    if (part < count) {
        const float *p = parts[part] + offset;
        for (size_t i = 0; i < n; i++) out[i] = out[i] + p[i];
    }
}

TPUD_CLONES
bool tpud_all_finite_f32(const float *x, size_t n) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) bad |= (uint32_t)((to_bits(x[i]) & 0x7f800000) == 0x7f800000);
    return bad == 0;
}
