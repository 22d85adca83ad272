// Loops over 32-bit floats that are worth vectorising, as plain C that the compiler turns into SSE2, AVX2 and AVX-512
// code; the loader picks at start. Every function gives the same bits whichever of them runs: no contraction into
// fused multiply-adds, and sums in a fixed pattern of 16 partial sums.
#ifndef TPUD_CKERNELS_H
#define TPUD_CKERNELS_H
#include <stdint.h>
#include <stddef.h>
#include <stdbool.h>

/// Tells the processor that the calling thread spins.
static inline void tpud_spin_pause(void) { __builtin_ia32_pause(); }

/// Elementwise functions of one operand. Errors are at most 2 ulp for those computed by polynomials (exp, log, tanh,
/// logistic, erf); the rest is exact, correctly rounded, or libm's.
typedef enum : int32_t {
    TPUD_UNARY_NEGATE, TPUD_UNARY_ABS, TPUD_UNARY_SIGN, TPUD_UNARY_EXP, TPUD_UNARY_EXPM1,
    TPUD_UNARY_LOG, TPUD_UNARY_LOG1P, TPUD_UNARY_SQRT, TPUD_UNARY_RSQRT, TPUD_UNARY_TANH, TPUD_UNARY_LOGISTIC,
    TPUD_UNARY_SIN, TPUD_UNARY_COS, TPUD_UNARY_FLOOR, TPUD_UNARY_CEIL, TPUD_UNARY_ROUND, TPUD_UNARY_ERF,
    TPUD_UNARY_RELU, TPUD_UNARY_SOFTPLUS, TPUD_UNARY_ROUND_TO_BFLOAT16,
} tpud_unary;

/// Elementwise functions of two operands. Maximum and minimum give NaN when either operand is NaN.
typedef enum : int32_t {
    TPUD_BINARY_ADD, TPUD_BINARY_SUBTRACT, TPUD_BINARY_MULTIPLY, TPUD_BINARY_DIVIDE, TPUD_BINARY_MAXIMUM,
    TPUD_BINARY_MINIMUM, TPUD_BINARY_POWER, TPUD_BINARY_REMAINDER, TPUD_BINARY_SQUARED_DIFFERENCE,
} tpud_binary;

/// Comparisons; the result is one byte, 0 or 1.
typedef enum : int32_t {
    TPUD_COMPARE_EQ, TPUD_COMPARE_NE, TPUD_COMPARE_LT, TPUD_COMPARE_LE, TPUD_COMPARE_GT, TPUD_COMPARE_GE,
} tpud_compare;

/// How an operand of a [rows, n] loop is laid out: element (i, j) is at i * row + j * step. step is 0 or 1.
typedef struct { ptrdiff_t row, step; } tpud_layout;

/// out[i] = f(in[i]); in place is allowed.
void tpud_unary_f32(tpud_unary op, float *out, const float *in, size_t n);
/// out[i, j] = the nearest bfloat16 of in(i, j), halves to even, as its bits; out is contiguous and no operand.
void tpud_narrow_f32(uint16_t *out, const float *in, tpud_layout l, size_t rows, size_t n);
/// out[i, j] = the number whose bfloat16 has the bits in(i, j); exact; out is contiguous and no operand.
void tpud_widen_f32(float *out, const uint16_t *in, tpud_layout l, size_t rows, size_t n);
/// out[i, j] = f(a(i, j), b(i, j)); out is contiguous; in place is allowed for an operand that is contiguous, too.
void tpud_binary_f32(tpud_binary op, float *out, const float *a, tpud_layout la, const float *b, tpud_layout lb,
                     size_t rows, size_t n);
/// out[i, j] = f(a(i, j), b(i, j)) as bytes 0 and 1.
void tpud_compare_f32(tpud_compare op, uint8_t *out, const float *a, tpud_layout la, const float *b, tpud_layout lb,
                      size_t rows, size_t n);
/// out[i, j] = p(i, j) ? a(i, j) : b(i, j).
void tpud_select_f32(float *out, const uint8_t *p, tpud_layout lp, const float *a, tpud_layout la, const float *b,
                     tpud_layout lb, size_t rows, size_t n);
/// The sum or the maximum of each of `rows` rows of n values.
void tpud_row_sum_f32(float *out, const float *x, size_t rows, size_t n);
void tpud_row_max_f32(float *out, const float *x, size_t rows, size_t n);
/// The sum of each of n columns, rows in order from the first.
void tpud_column_sum_f32(float *out, const float *x, size_t rows, size_t n);
/// The same of bfloat16, given as its bits.
void tpud_column_sum_bf16(float *out, const uint16_t *x, size_t rows, size_t n);
/// out[i] = parts[0][i] + parts[1][i] + … in this order; n values from `offset` on in each part.
void tpud_merge_f32(float *out, const float *const *parts, size_t count, size_t offset, size_t n);

/// softmax over each of `rows` rows of n values; in place is allowed.
void tpud_softmax_f32(float *out, const float *x, size_t rows, size_t n);
/// log(softmax(x)) over each row; in place is not allowed.
void tpud_log_softmax_f32(float *out, const float *x, size_t rows, size_t n);
/// out[i] = log(sum over j of exp(x[i, j])) - x[i, labels[i]]; NaN where a label is outside 0 ..< n.
void tpud_cross_entropy_f32(float *out, const float *x, const int64_t *labels, size_t rows, size_t n);
/// out[i, j] = (softmax(x)[i, j] - (j == labels[i])) * upstream[i * step]; rows of NaN where a label is outside.
void tpud_cross_entropy_gradient_f32(float *out, const float *x, const int64_t *labels, const float *upstream,
                                     ptrdiff_t step, size_t rows, size_t n);

/// Cells of an input under one place of a window, of n channels each: `first` is where the first lies, `counts` how many
/// there are along each of three axes, `strides` the elements from one to the next.
typedef struct { ptrdiff_t first; size_t counts[3]; ptrdiff_t strides[3]; } tpud_taps;

/// out[c] = the largest x[cell + c]; NaN wins, -infinity without a cell.
void tpud_max_taps_f32(float *out, const float *x, const tpud_taps *taps, size_t n);
/// out[c] = the sum of x[cell + c], cell by cell.
void tpud_sum_taps_f32(float *out, const float *x, const tpud_taps *taps, size_t n);
/// Adds g[c] to dx at the cell whose x is the first largest of its channel; NaN counts as the largest.
void tpud_max_taps_gradient_f32(float *dx, const float *x, const float *g, const tpud_taps *taps, size_t n);
/// Adds g[c] to dx[cell + c] at each cell.
void tpud_add_taps_f32(float *dx, const float *g, const tpud_taps *taps, size_t n);

/// Whether every one of n values is finite.
bool tpud_all_finite_f32(const float *x, size_t n);
#endif
