#define _GNU_SOURCE
#include "CAllocations.h"
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static __thread bool counts;
static __thread long count;
static __thread long bytes;
static __thread long of_libraries;

/// Whether an address is code of oneDNN or of the C++ library that allocates for it; Swift's runtime is neither.
static bool is_of_libraries(void *caller) {
    Dl_info found;
    if (!dladdr(caller, &found) || !found.dli_fname) return false;
    return strstr(found.dli_fname, "libdnnl") || strstr(found.dli_fname, "libstdc++");
}

static void note(size_t size, void *caller) {
    if (!counts) return;
    counts = false;
    count++;
    bytes += (long)size;
    if (is_of_libraries(caller)) of_libraries++;
    counts = true;
}

void tpud_count_allocations(void) {
    count = 0;
    bytes = 0;
    of_libraries = 0;
    counts = true;
}

long tpud_counted_allocations(void) {
    counts = false;
    return count;
}

long tpud_counted_bytes(void) { return bytes; }

long tpud_counted_of_libraries(void) { return of_libraries; }

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
bool tpud_allocations_are_counted(void) { return false; }
#else
bool tpud_allocations_are_counted(void) { return true; }

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t size) {
    note(size, __builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note(number * size, __builtin_return_address(0));
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note(size, __builtin_return_address(0));
    return __libc_realloc(old, size);
}
#endif
