#define _GNU_SOURCE
#include "CAllocations.h"
#include <link.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static __thread bool counts;
static __thread long count;
static __thread long bytes;
static __thread long of_libraries;

/// Where the code of oneDNN and of the C++ library that allocates for it lies; Swift's runtime is neither. Looked up once: to
/// ask the loader at each allocation takes microseconds.
static struct { uintptr_t first, last; } libraries[8];
static int library_count;
static pthread_once_t looked_up = PTHREAD_ONCE_INIT;

static int look_at(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    if (!strstr(object->dlpi_name, "libdnnl") && !strstr(object->dlpi_name, "libstdc++")) return 0;
    for (int i = 0; i < object->dlpi_phnum && library_count < 8; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        libraries[library_count].first = object->dlpi_addr + part->p_vaddr;
        libraries[library_count].last = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        library_count++;
    }
    return 0;
}

static void look_up(void) { dl_iterate_phdr(look_at, NULL); }

static bool is_of_libraries(void *caller) {
    for (int i = 0; i < library_count; i++) {
        if ((uintptr_t)caller >= libraries[i].first && (uintptr_t)caller < libraries[i].last) return true;
    }
    return false;
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
    pthread_once(&looked_up, look_up);
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
