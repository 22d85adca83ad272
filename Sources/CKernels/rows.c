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

TPUD_CLONES
void tpud_column_sum_f32(float *out, const float *x, size_t rows, size_t n) {
    // 64 columns at a time stay in registers while the rows go by.
    size_t j = 0;
    for (; j + 64 <= n; j += 64) {
        float part[64] = {0};
        for (size_t i = 0; i < rows; i++) {
            for (size_t k = 0; k < 64; k++) part[k] += x[i * n + j + k];
        }
        __builtin_memcpy(out + j, part, sizeof part);
    }
    if (j < n) {
        for (size_t k = j; k < n; k++) out[k] = 0.0f;
        for (size_t i = 0; i < rows; i++) {
            for (size_t k = j; k < n; k++) out[k] += x[i * n + k];
        }
    }
}

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
