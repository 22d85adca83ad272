#include "CKernels.h"
#include "math.h"

// Calls into libm stay loops of single elements.
#pragma clang diagnostic ignored "-Wpass-failed"

// Three inner loops an operation, so that each vectorises: both operands run, or one of them stands still. An operand
// may be the result itself, but never overlaps it otherwise: nothing is carried from one turn to the next.
#define TURNS _Pragma("clang loop vectorize(assume_safety)")
#define ROWS(type, expression) \
    for (size_t i = 0; i < rows; i++) { \
        type *o = out + i * n; \
        const float *p = a + (ptrdiff_t)i * la.row, *q = b + (ptrdiff_t)i * lb.row; \
        if (la.step && lb.step) { \
            TURNS for (size_t j = 0; j < n; j++) { float x = p[j], y = q[j]; o[j] = (expression); } \
        } else if (la.step) { \
            float y = *q; \
            TURNS for (size_t j = 0; j < n; j++) { float x = p[j]; o[j] = (expression); } \
        } else if (lb.step) { \
            float x = *p; \
            TURNS for (size_t j = 0; j < n; j++) { float y = q[j]; o[j] = (expression); } \
        } else { \
            float x = *p, y = *q, r = (expression); \
            for (size_t j = 0; j < n; j++) o[j] = r; \
        } \
    } \
    return;

TPUD_CLONES
void tpud_binary_f32(tpud_binary op, float *out, const float *a, tpud_layout la, const float *b, tpud_layout lb,
                     size_t rows, size_t n) {
    switch (op) {
    case TPUD_BINARY_ADD: ROWS(float, x + y)
    case TPUD_BINARY_SUBTRACT: ROWS(float, x - y)
    case TPUD_BINARY_MULTIPLY: ROWS(float, x * y)
    case TPUD_BINARY_DIVIDE: ROWS(float, x / y)
    case TPUD_BINARY_MAXIMUM: ROWS(float, tpud_maxf(x, y))
    case TPUD_BINARY_MINIMUM: ROWS(float, tpud_minf(x, y))
    case TPUD_BINARY_POWER: ROWS(float, powf(x, y))
    case TPUD_BINARY_REMAINDER: ROWS(float, fmodf(x, y))
    case TPUD_BINARY_SQUARED_DIFFERENCE: ROWS(float, (x - y) * (x - y))
    }
}

TPUD_CLONES
void tpud_compare_f32(tpud_compare op, uint8_t *out, const float *a, tpud_layout la, const float *b, tpud_layout lb,
                      size_t rows, size_t n) {
    switch (op) {
    case TPUD_COMPARE_EQ: ROWS(uint8_t, x == y)
    case TPUD_COMPARE_NE: ROWS(uint8_t, x != y)
    case TPUD_COMPARE_LT: ROWS(uint8_t, x < y)
    case TPUD_COMPARE_LE: ROWS(uint8_t, x <= y)
    case TPUD_COMPARE_GT: ROWS(uint8_t, x > y)
    case TPUD_COMPARE_GE: ROWS(uint8_t, x >= y)
    }
}

TPUD_CLONES
void tpud_select_f32(float *out, const uint8_t *p, tpud_layout lp, const float *a, tpud_layout la, const float *b,
                     tpud_layout lb, size_t rows, size_t n) {
    for (size_t i = 0; i < rows; i++) {
        float *o = out + i * n;
        const uint8_t *c = p + (ptrdiff_t)i * lp.row;
        const float *x = a + (ptrdiff_t)i * la.row, *y = b + (ptrdiff_t)i * lb.row;
        if (lp.step && la.step && lb.step) {
            TURNS for (size_t j = 0; j < n; j++) { float u = x[j], v = y[j]; o[j] = c[j] ? u : v; }
        } else if (lp.step && la.step) {
            float v = *y;
            TURNS for (size_t j = 0; j < n; j++) { float u = x[j]; o[j] = c[j] ? u : v; }
        } else {
            TURNS for (size_t j = 0; j < n; j++) {
                float u = x[(ptrdiff_t)j * la.step], v = y[(ptrdiff_t)j * lb.step];
                o[j] = c[(ptrdiff_t)j * lp.step] ? u : v;
            }
        }
    }
}
