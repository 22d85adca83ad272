#include "CKernels.h"
#include "math.h"

// Calls into libm stay loops of single elements.
#pragma clang diagnostic ignored "-Wpass-failed"

// The operand may be the result itself, but never overlaps it otherwise.
#define EACH(expression) for (size_t i = 0; i < n; i++) { float x = in[i]; out[i] = (expression); } return;
#define LOOP(expression) _Pragma("clang loop vectorize(assume_safety)") EACH(expression)
#define POLYNOMIAL(expression) TPUD_SIDE_BY_SIDE EACH(expression)

TPUD_CLONES
void tpud_unary_f32(tpud_unary op, float *out, const float *in, size_t n) {
    switch (op) {
    case TPUD_UNARY_NEGATE: LOOP(-x)
    case TPUD_UNARY_ABS: LOOP(fabsf(x))
    case TPUD_UNARY_SIGN: LOOP(x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : x))
    case TPUD_UNARY_EXP: POLYNOMIAL(tpud_expf(x))
    case TPUD_UNARY_LOG: POLYNOMIAL(tpud_logf(x))
    case TPUD_UNARY_SQRT: LOOP(__builtin_elementwise_sqrt(x))
    case TPUD_UNARY_RSQRT: LOOP(1.0f / __builtin_elementwise_sqrt(x))
    case TPUD_UNARY_TANH: POLYNOMIAL(tpud_tanhf(x))
    case TPUD_UNARY_LOGISTIC: POLYNOMIAL(tpud_logisticf(x))
    case TPUD_UNARY_ERF: POLYNOMIAL(tpud_erff(x))
    case TPUD_UNARY_RELU: LOOP(x > 0.0f ? x : (x != x ? x : 0.0f))
    case TPUD_UNARY_FLOOR: LOOP(__builtin_elementwise_floor(x))
    case TPUD_UNARY_CEIL: LOOP(__builtin_elementwise_ceil(x))
    case TPUD_UNARY_ROUND: LOOP(__builtin_elementwise_roundeven(x))
    case TPUD_UNARY_ROUND_TO_BFLOAT16: LOOP(tpud_bfloat16f(x))
    // By libm, one at a time: rare in training steps.
    case TPUD_UNARY_EXPM1: LOOP(expm1f(x))
    case TPUD_UNARY_LOG1P: LOOP(log1pf(x))
    case TPUD_UNARY_SIN: LOOP(sinf(x))
    case TPUD_UNARY_COS: LOOP(cosf(x))
    case TPUD_UNARY_SOFTPLUS: LOOP(tpud_maxf(x, 0.0f) + log1pf(tpud_expf(-fabsf(x))))
    }
}

// What lies row behind row is one long row.
#define EACH_OF(function) \
    if (l.step == 1 && (l.row == (ptrdiff_t)n || rows == 1)) { n *= rows; rows = 1; } \
    for (size_t i = 0; i < rows; i++, out += n, in += l.row) { \
        if (l.step == 0) { \
            for (size_t j = 0; j < n; j++) out[j] = function(in[0]); \
        } else { \
            _Pragma("clang loop vectorize(assume_safety)") for (size_t j = 0; j < n; j++) out[j] = function(in[j]); \
        } \
    }

TPUD_CLONES
void tpud_narrow_f32(uint16_t *out, const float *in, tpud_layout l, size_t rows, size_t n) { EACH_OF(tpud_narrowf) }

TPUD_CLONES
void tpud_widen_f32(float *out, const uint16_t *in, tpud_layout l, size_t rows, size_t n) { EACH_OF(tpud_widenf) }
