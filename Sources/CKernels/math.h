// Polynomials for erf, and for exp, log, tanh (after Moshier's Cephes, single precision), free of branches so that loops
// over them vectorise. No fused multiply-adds: every instruction set gives the same bits.
#ifndef TPUD_MATH_H
#define TPUD_MATH_H
#include <stdint.h>
#include <math.h>
#pragma STDC FP_CONTRACT OFF

#define TPUD_INLINE static inline __attribute__((always_inline))

// One copy for each instruction set; the loader picks. The thread sanitizer is not yet awake when the loader does.
#if __has_feature(thread_sanitizer)
#define TPUD_CLONES
#else
#define TPUD_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif

// In front of a loop over a polynomial, in which each operation waits for the one before: four vectors go side by side.
#define TPUD_SIDE_BY_SIDE _Pragma("clang loop vectorize(assume_safety) interleave_count(4)")

TPUD_INLINE float from_bits(int32_t i) { float f; __builtin_memcpy(&f, &i, 4); return f; }
TPUD_INLINE int32_t to_bits(float f) { int32_t i; __builtin_memcpy(&i, &f, 4); return i; }

// The bits of a float that is not a NaN, rounded to the upper half, halves to even; the lower half is rubbish.
TPUD_INLINE uint32_t rounded_to_bfloat16(uint32_t b) { return b + 0x7fffu + ((b >> 16) & 1u); }

// The nearest bfloat16, halves to even.
TPUD_INLINE float tpud_bfloat16f(float x) {
    uint32_t b = rounded_to_bfloat16((uint32_t)to_bits(x)) & 0xffff0000u;
    return x != x ? x : from_bits((int32_t)b);
}

// The same as its bits; those of a NaN stay a NaN's.
TPUD_INLINE uint16_t tpud_narrowf(float x) {
    uint32_t b = (uint32_t)to_bits(x);
    return (uint16_t)((x != x ? b | 0x400000u : rounded_to_bfloat16(b)) >> 16);
}

TPUD_INLINE float tpud_widenf(uint16_t x) { return from_bits((int32_t)((uint32_t)x << 16)); }

TPUD_INLINE float tpud_expf(float x) {
    float c = x < -104.0f ? -104.0f : x;
    c = c > 89.0f ? 89.0f : c;
    // Adding 1.5 * 2^23 rounds to the nearest integer, which is then in the low bits.
    float t = c * 1.44269504088896341f + 12582912.0f;
    float k = t - 12582912.0f;
    int32_t i = to_bits(t) - 0x4b400000;
    float r = c - k * 0.693359375f;
    r = r + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    float y = p * (r * r) + r + 1.0f;
    // 2^i in two halves, so that results down to the smallest subnormal come out right.
    int32_t h = i >> 1;
    return y * from_bits((h + 127) << 23) * from_bits((i - h + 127) << 23);
}

TPUD_INLINE float tpud_logf(float x) {
    float tiny = x < 1.17549435e-38f ? 1.0f : 0.0f;
    float s = tiny != 0.0f ? x * 8388608.0f : x;
    int32_t b = to_bits(s);
    // m in [sqrt(1/2), sqrt(2)).
    int32_t e = (b - 0x3f3504f3) >> 23;
    float m = from_bits(b - (e << 23));
    float k = (float)e - tiny * 23.0f;
    float f = m - 1.0f;
    float z = f * f;
    float p = 7.0376836292e-2f;
    p = p * f - 1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f - 1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f - 1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f - 2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    float y = p * f * z;
    y = y - k * 2.12194440e-4f;
    y = y - 0.5f * z;
    float r = f + y + k * 0.693359375f;
    r = x == INFINITY ? INFINITY : r;
    r = x == 0.0f ? -INFINITY : r;
    r = x < 0.0f ? NAN : r;
    return x != x ? x : r;
}

TPUD_INLINE float tpud_tanhf(float x) {
    float a = fabsf(x);
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    float small = p * z * x + x;
    float large = 1.0f - 2.0f / (tpud_expf(a + a) + 1.0f);
    large = x < 0.0f ? -large : large;
    return a < 0.625f ? small : large;
}

TPUD_INLINE float tpud_logisticf(float x) {
    float e = tpud_expf(-fabsf(x));
    float r = 1.0f / (1.0f + e);
    float y = x >= 0.0f ? r : e * r;
    return x != x ? x : y;
}

// By two polynomials of our own, fitted for the least largest error on [0, 1] and [1, 3.95].
TPUD_INLINE float tpud_erff(float x) {
    float a = fabsf(x);
    float z = x * x;
    float p = 7.8538960642e-5f;
    p = p * z - 8.0102042247e-4f;
    p = p * z + 5.1883289044e-3f;
    p = p * z - 2.6853812585e-2f;
    p = p * z + 1.1283585164e-1f;
    p = p * z - 3.7612625826e-1f;
    p = p * z + 1.2837916573e-1f;
    float small = p * x + x;
    // 1 - e^-q, where q is the logarithm of 1 / (1 - erf).
    float b = a < 3.95f ? a : 3.95f;
    float q = 2.1697602405e-5f;
    q = q * b - 4.4147246803e-4f;
    q = q * b + 4.2052835908e-3f;
    q = q * b - 2.5210335853e-2f;
    q = q * b + 1.0842209206e-1f;
    q = q * b + 6.3321640521e-1f;
    q = q * b + 1.1295803065f;
    q = q * b - 1.8846658875e-4f;
    float large = 1.0f - tpud_expf(-q);
    large = x < 0.0f ? -large : large;
    return a < 1.0f ? small : x != x ? x : large;
}

TPUD_INLINE float tpud_maxf(float a, float b) { return a > b ? a : (b != b ? b : (a != a ? a : b)); }
TPUD_INLINE float tpud_minf(float a, float b) { return a < b ? a : (b != b ? b : (a != a ? a : b)); }
#endif
