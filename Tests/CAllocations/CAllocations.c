#include "CAllocations.h"
#include <stddef.h>

static __thread bool counts;
static __thread long count;
static __thread long bytes;

static void note(size_t size) {
    if (!counts) return;
    count++;
    bytes += (long)size;
}

void tpud_count_allocations(void) {
    count = 0;
    bytes = 0;
    counts = true;
}

long tpud_counted_allocations(void) {
    counts = false;
    return count;
}

long tpud_counted_bytes(void) { return bytes; }

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
bool tpud_allocations_are_counted(void) { return false; }
#else
bool tpud_allocations_are_counted(void) { return true; }

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t size) {
    note(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note(size);
    return __libc_realloc(old, size);
}
#endif
