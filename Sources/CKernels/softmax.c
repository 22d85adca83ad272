#include "CKernels.h"
#include "math.h"
#include "sums.h"

// Values that one pass of exp takes at once: rows are often shorter than a vector, so several go together.
enum { BLOCK = 1024 };

// out[i] = the sum of exp(x[i, j] - max[i]) and max[i], for rows that fit the block.
TPUD_INLINE void short_rows(float *sums, float *maxima, const float *x, size_t rows, size_t n) {
    float e[BLOCK];
    for (size_t i = 0; i < rows; i++) {
        float m = maxima[i] = row_max(x + i * n, n);
        for (size_t j = 0; j < n; j++) e[i * n + j] = x[i * n + j] - m;
    }
    TPUD_SIDE_BY_SIDE
    for (size_t k = 0; k < rows * n; k++) e[k] = tpud_expf(e[k]);
    for (size_t i = 0; i < rows; i++) sums[i] = row_sum(e + i * n, n);
}

// The same for one row of any length: the block is a multiple of 16, so that the partial sums go on.
TPUD_INLINE void long_row(float *sum, float *maximum, const float *x, size_t n) {
    float part[16] = {0}, e[BLOCK];
    float m = *maximum = row_max(x, n);
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t count = n - from < BLOCK ? n - from : BLOCK;
        TPUD_SIDE_BY_SIDE
        for (size_t j = 0; j < count; j++) e[j] = tpud_expf(x[from + j] - m);
        size_t j = 0;
        for (; j + 16 <= count; j += 16) {
            for (size_t k = 0; k < 16; k++) part[k] += e[j + k];
        }
        for (size_t k = 0; j + k < count; k++) part[k] += e[j + k];
    }
    for (size_t w = 8; w > 0; w /= 2) {
        for (size_t k = 0; k < w; k++) part[k] += part[k + w];
    }
    *sum = part[0];
}

// Calls BODY with i, m (maximum) and s (sum of exponentials) for every row.
#define EACH_ROW(BODY) \
    float sums[BLOCK], maxima[BLOCK]; \
    size_t together = n <= BLOCK ? BLOCK / n : 1; \
    for (size_t first = 0; first < rows; first += together) { \
        size_t count = rows - first < together ? rows - first : together; \
        if (n <= BLOCK) short_rows(sums, maxima, x + first * n, count, n); \
        else long_row(sums, maxima, x + first * n, n); \
        for (size_t k = 0; k < count; k++) { \
            size_t i = first + k; \
            float m = maxima[k], s = sums[k]; \
            BODY \
        } \
    }

TPUD_CLONES
void tpud_softmax_f32(float *out, const float *x, size_t rows, size_t n) {
    for (size_t i = 0; i < rows; i++) {
        float m = row_max(x + i * n, n);
        for (size_t j = 0; j < n; j++) out[i * n + j] = x[i * n + j] - m;
    }
    TPUD_SIDE_BY_SIDE
    for (size_t i = 0; i < rows * n; i++) out[i] = tpud_expf(out[i]);
    for (size_t i = 0; i < rows; i++) {
        float s = row_sum(out + i * n, n);
        for (size_t j = 0; j < n; j++) out[i * n + j] /= s;
    }
}

TPUD_CLONES
void tpud_log_softmax_f32(float *out, const float *x, size_t rows, size_t n) {
    EACH_ROW({
        float l = tpud_logf(s);
        for (size_t j = 0; j < n; j++) out[i * n + j] = (x[i * n + j] - m) - l;
    })
}

TPUD_CLONES
void tpud_cross_entropy_f32(float *out, const float *x, const int64_t *labels, size_t rows, size_t n) {
    EACH_ROW({
        int64_t label = labels[i];
        bool inside = label >= 0 && label < (int64_t)n;
        out[i] = inside ? tpud_logf(s) - (x[i * n + (size_t)label] - m) : NAN;
    })
}

TPUD_CLONES
void tpud_cross_entropy_gradient_f32(float *out, const float *x, const int64_t *labels, const float *upstream,
                                     ptrdiff_t step, size_t rows, size_t n) {
    for (size_t i = 0; i < rows; i++) {
        float m = row_max(x + i * n, n);
        for (size_t j = 0; j < n; j++) out[i * n + j] = x[i * n + j] - m;
    }
    TPUD_SIDE_BY_SIDE
    for (size_t i = 0; i < rows * n; i++) out[i] = tpud_expf(out[i]);
    for (size_t i = 0; i < rows; i++) {
        float s = row_sum(out + i * n, n), u = upstream[(ptrdiff_t)i * step];
        int64_t label = labels[i];
        bool inside = label >= 0 && label < (int64_t)n;
        if (!inside) u = NAN;
        float hot = inside ? out[i * n + (size_t)label] / s - 1.0f : 0.0f;
        for (size_t j = 0; j < n; j++) out[i * n + j] = out[i * n + j] / s * u;
        if (inside) out[i * n + (size_t)label] = hot * u;
    }
}
