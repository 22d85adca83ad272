#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdbool.h>
#include <oneapi/dnnl/dnnl.h>

/// Makes every oneDNN call of the calling thread run on that thread alone. Debian's libdnnl computes with OpenMP, whose
/// number of threads is a setting of each thread; the runtime is found by name, since oneDNN brings it along and
/// nothing else of ours links it. False when oneDNN is built with another runtime.
static inline bool tpud_onednn_use_calling_thread_only(void) {
    void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (set_threads == 0) return false;
    set_threads(1);
    return true;
}
